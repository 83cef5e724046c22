package io.myelin.pool;

/** Learns of every snapshot right after its publication, on the control thread. */
@FunctionalInterface
public interface PoolObserver {
    void onSnapshot(Pool pool, PoolSnapshot before, PoolSnapshot after);
}
