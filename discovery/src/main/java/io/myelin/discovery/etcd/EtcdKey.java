package io.myelin.discovery.etcd;

/**
 * A key that was made.
 *
 * @param key its name
 * @param lease what keeps it, empty where keys are kept by themselves
 */
record EtcdKey(String key, String lease) {}
