package io.myelin.health.plugin;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Calls on one plugin. Every call that fails below the plugin makes it inactive, and every other one active. Futures
 * fail with {@link PluginCallException}.
 */
public interface PluginCalls {
    CompletionStage<PluginHealth> health();

    CompletionStage<List<Device>> devices(Selector selector);

    CompletionStage<List<Reading>> read(Selector selector);

    /** Delivers what the plugin remembers, from {@code start} to {@code end} in RFC 3339, empty for open ends. */
    Stream readCache(String start, String end, Receiver<Reading> receiver);

    /** Delivers readings as they are taken, until the stream is cancelled or the plugin ends it; has no deadline. */
    Stream readStream(List<Selector> selectors, Receiver<Reading> receiver);

    /** Orders writes on the one device of {@code selector} and does not wait for them. */
    CompletionStage<List<WriteOrder>> writeAsync(Selector selector, List<WriteCommand> commands);

    /** Orders writes on the one device of {@code selector}; the answer tells how each ended. */
    CompletionStage<List<Transaction>> writeSync(Selector selector, List<WriteCommand> commands);

    CompletionStage<Transaction> transaction(String id);

    CompletionStage<List<Transaction>> transactions();

    /** What takes a stream's messages, one at a time. */
    interface Receiver<T> {
        void next(T message);

        void ended();

        void failed(PluginCallException reason);
    }

    /** An answer under way. */
    interface Stream {
        /** Allows {@code count} more messages; at first 16 are allowed. */
        void request(int count);

        /** Ends the call; nothing is delivered afterwards. Idempotent. */
        void cancel();
    }
}
