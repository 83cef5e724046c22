package io.myelin.discovery.etcd;

import java.util.concurrent.CompletionStage;

/** One of the interfaces of etcd, as far as it takes to keep a key that ends with its time to live. */
interface EtcdApi {
    CompletionStage<EtcdKey> create(String directory, String value, long ttlSeconds);

    /** Keeps the key for another time to live; completes with false if it is gone. */
    CompletionStage<Boolean> renew(EtcdKey key, String value, long ttlSeconds);

    /** Gives the key another value; completes with false if it is gone. */
    CompletionStage<Boolean> rewrite(EtcdKey key, String value, long ttlSeconds);

    /** Deletes the key; one that is gone already is as well. */
    CompletionStage<?> delete(EtcdKey key);
}
