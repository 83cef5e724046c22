package io.myelin.discovery;

/**
 * Follows one service at one registry and delivers the whole set of its endpoints to an
 * {@link io.myelin.model.EndpointSink} whenever it changes.
 *
 * <p>A watcher never gives up and never throws after construction: an unreachable registry is a status of
 * {@code STALE}, and the set delivered last stays in force. One undecodable entry is skipped with a warning and a
 * counter. {@code start} and {@code close} return at once and are idempotent; nothing is delivered after {@code close}.
 */
public interface ServiceWatcher extends AutoCloseable {
    void start();

    @Override
    void close();
}
