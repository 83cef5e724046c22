package io.myelin.pool;

/**
 * One line of a pool's history.
 *
 * @param version the snapshot that the change produced
 * @param cause what changed, for people
 * @param atMillis wall clock
 * @param members how many members the snapshot has
 * @param eligible how many of them may take work
 */
public record PoolChange(long version, String cause, long atMillis, int members, int eligible) {}
