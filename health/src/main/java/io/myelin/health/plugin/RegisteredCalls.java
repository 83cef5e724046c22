package io.myelin.health.plugin;

import io.myelin.health.plugin.PluginCallException.Kind;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** Calls one plugin wherever it is at the moment of the call. Safe from any thread. */
final class RegisteredCalls implements PluginCalls {
    private final Supplier<PluginBook.Entry> plugin;

    RegisteredCalls(Supplier<PluginBook.Entry> plugin) {
        this.plugin = plugin;
    }

    @Override
    public CompletionStage<PluginHealth> health() {
        return call(PluginCalls::health);
    }

    @Override
    public CompletionStage<List<Device>> devices(Selector selector) {
        return call(calls -> calls.devices(selector));
    }

    @Override
    public CompletionStage<List<Reading>> read(Selector selector) {
        return call(calls -> calls.read(selector));
    }

    @Override
    public Stream readCache(String start, String end, Receiver<Reading> receiver) {
        return stream(receiver, calls -> calls.readCache(start, end, receiver));
    }

    @Override
    public Stream readStream(List<Selector> selectors, Receiver<Reading> receiver) {
        return stream(receiver, calls -> calls.readStream(selectors, receiver));
    }

    @Override
    public CompletionStage<List<WriteOrder>> writeAsync(Selector selector, List<WriteCommand> commands) {
        return call(calls -> calls.writeAsync(selector, commands));
    }

    @Override
    public CompletionStage<List<Transaction>> writeSync(Selector selector, List<WriteCommand> commands) {
        return call(calls -> calls.writeSync(selector, commands));
    }

    @Override
    public CompletionStage<Transaction> transaction(String id) {
        return call(calls -> calls.transaction(id));
    }

    @Override
    public CompletionStage<List<Transaction>> transactions() {
        return call(PluginCalls::transactions);
    }

    private <T> CompletionStage<T> call(Function<PluginCalls, CompletionStage<T>> use) {
        PluginBook.Entry now = plugin.get();
        PluginLink link = now.link();
        return link == null ? CompletableFuture.failedFuture(disabled(now)) : use.apply(link);
    }

    private Stream stream(Receiver<Reading> receiver, Function<PluginCalls, Stream> use) {
        PluginBook.Entry now = plugin.get();
        PluginLink link = now.link();
        if (link != null) {
            return use.apply(link);
        }
        receiver.failed(disabled(now));
        return new NoStream();
    }

    private static PluginCallException disabled(PluginBook.Entry plugin) {
        return new PluginCallException(
                Kind.UNREACHABLE,
                "plugin " + plugin.view().id() + " is disabled: "
                        + plugin.view().reason());
    }

    /** A stream that is over. */
    private static final class NoStream implements Stream {
        @Override
        public void request(int count) {
            // Nothing comes.
        }

        @Override
        public void cancel() {
            // It is over.
        }
    }
}
