package io.myelin.server;

import io.myelin.control.ControlLoop;
import io.myelin.failure.Failure;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import io.myelin.pool.Pool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The data plane as one object: start it, give it a configuration, give it another one, drain it, stop it.
 *
 * <p>Safe from any thread; must not be called from an event loop of its own.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class ProxyServer implements AutoCloseable {
    /** Starts the event loops; nothing listens yet. */
    public ProxyServer(ServerOptions options, ControlLoop control, Clock clock, RandomSource random) {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes {@code config} what is served: keeps the listeners and pools that stay, with their connections, opens and
     * closes the others. A listener that cannot be bound harms only itself.
     *
     * @return the state of every address of every listener, once all of them are bound or have failed
     */
    public CompletionStage<List<ListenerStatus>> apply(ProxyConfig config) {
        throw new UnsupportedOperationException();
    }

    /** Returns the pools in the order of the configuration. */
    public List<Pool> pools() {
        throw new UnsupportedOperationException();
    }

    public @Nullable Pool pool(String name) {
        throw new UnsupportedOperationException();
    }

    public List<ListenerStatus> listeners() {
        throw new UnsupportedOperationException();
    }

    /** Returns how many exchanges failed before they could be given to a pool, for that reason. */
    public long unrouted(Failure failure) {
        throw new UnsupportedOperationException();
    }

    /** Returns which transport the event loops use and why, such as {@code epoll (native, 2 loops)}. */
    public String transport() {
        throw new UnsupportedOperationException();
    }

    /**
     * Closes the listeners and idle connections at once and lets exchanges and tunnels in flight finish.
     *
     * @param limit after which whatever is left is cut
     * @return how many connections had to be cut, once none is left
     */
    public CompletionStage<Integer> drain(Duration limit) {
        throw new UnsupportedOperationException();
    }

    /** Cuts everything and stops the event loops; returns once they have stopped. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
