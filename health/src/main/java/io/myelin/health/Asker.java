package io.myelin.health;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;

/** Asks one instance one thing, again and again. Immutable. */
@FunctionalInterface
public interface Asker {
    /**
     * Asks once, on the current event loop {@code loop}.
     *
     * @param answer gets the result, exactly once, on {@code loop}; canceling it ends the attempt
     */
    void ask(EventLoop loop, Promise<ProbeResult> answer);
}
