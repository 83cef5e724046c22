package io.myelin.health;

import io.myelin.model.Endpoint;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import java.net.SocketAddress;

/** One way of asking an endpoint whether it works. Immutable; asks many endpoints at once, on many event loops. */
interface Probe {
    /**
     * Asks once, on the current event loop {@code loop}.
     *
     * @param address where {@code endpoint} is checked
     * @param answer gets the result, exactly once, on {@code loop}; canceling it ends the attempt and its connection
     */
    void ask(EventLoop loop, Endpoint endpoint, SocketAddress address, Promise<ProbeResult> answer);

    /**
     * The same, telling the endpoint what is thought of it.
     *
     * @param state as {@link ServerState} writes it, empty to tell nothing
     */
    default void ask(
            EventLoop loop, Endpoint endpoint, String state, SocketAddress address, Promise<ProbeResult> answer) {
        ask(loop, endpoint, address, answer);
    }
}
