package io.myelin.health.replica;

/**
 * Which process is meant, even after its number was given to another one.
 *
 * @param pid its number
 * @param start when it began, as {@link Processes#startOf} tells it; differs for every process that had the number
 */
record ProcessIdentity(long pid, String start) {}
