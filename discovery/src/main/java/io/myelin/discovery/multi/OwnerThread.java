package io.myelin.discovery.multi;

import java.util.concurrent.Executor;

/** The one thread that owns the states of all sources; runs tasks one after the other. Safe from any thread. */
interface OwnerThread extends Executor {
    /** Has {@code task} run several times a second from now on. */
    void everyTick(Runnable task);

    /** Has {@code task} run no more. */
    void noMore(Runnable task);
}
