package io.myelin.discovery.announce;

import io.myelin.model.Endpoint;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint in one registry, which is put back whenever the registry lost it for as long as it is wanted.
 *
 * <p>A registration never gives up: a registry that cannot be reached is asked again until it answers. Methods return
 * at once, are safe from any thread, and take effect in the order of their calls.
 */
public interface Registration extends AutoCloseable {
    /** Queues the announcement of {@code endpoint}; completes with its path in the registry once it is there. */
    CompletionStage<@Nullable String> announce(Endpoint endpoint);

    /** Queues the withdrawal; completes with {@code null} once the registry no longer names the endpoint. */
    CompletionStage<@Nullable String> withdraw();

    /**
     * Lets go of the connection without withdrawing: the registry forgets the endpoint when its session or lease ends.
     * Idempotent.
     */
    @Override
    void close();
}
