package io.myelin.synse;

import io.myelin.health.plugin.Device;
import io.myelin.health.plugin.PluginAddress;
import io.myelin.health.plugin.PluginCallException;
import io.myelin.health.plugin.PluginCallException.Kind;
import io.myelin.health.plugin.PluginCalls;
import io.myelin.health.plugin.PluginHealth;
import io.myelin.health.plugin.PluginView;
import io.myelin.health.plugin.Reading;
import io.myelin.health.plugin.Selector;
import io.myelin.health.plugin.Tag;
import io.myelin.health.plugin.Transaction;
import io.myelin.health.plugin.Unit;
import io.myelin.health.plugin.WriteCommand;
import io.myelin.health.plugin.WriteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A plugin that says what a test wants, at once unless it is told to hold its answers. */
final class ScriptedPlugin implements PluginCalls {
    private final String id;
    /** Every call that was made, by its method. */
    final List<String> calls = new CopyOnWriteArrayList<>();
    /** What held calls wait for. */
    final List<Runnable> held = new CopyOnWriteArrayList<>();
    /** The streams that were asked for. */
    final List<ScriptedStream> streams = new CopyOnWriteArrayList<>();

    final List<Device> devices = new CopyOnWriteArrayList<>();
    final List<Reading> readings = new CopyOnWriteArrayList<>();
    final List<WriteCommand> written = new CopyOnWriteArrayList<>();
    volatile boolean active = true;
    volatile boolean disabled;
    volatile boolean holding;
    final AtomicLong connects = new AtomicLong(1);
    volatile List<PluginAddress> collisions = List.of();
    volatile PluginHealth.Status health = PluginHealth.Status.OK;
    volatile @Nullable PluginCallException failure;

    ScriptedPlugin(String id) {
        this.id = id;
    }

    PluginView view() {
        return new PluginView(
                new PluginView.Identity("emulator plugin", "vaporio", "vaporio/emulator-plugin", "emulates", "vcs", id),
                new PluginView.Version("1.0", "3.1", "2020-01-01", "abc", "v1", "amd64", "linux"),
                PluginAddress.tcp("plugin:5001"),
                active && !disabled,
                disabled,
                disabled ? "no source names it any more" : active ? "answers" : "refused",
                1_700_000_000_000L,
                connects.get(),
                active ? connects.get() - 1 : connects.get(),
                !active && !disabled,
                collisions);
    }

    /** Calls fail with that from now on; what is below the plugin makes it inactive. */
    void fail(Kind kind, String message) {
        failure = new PluginCallException(kind, message);
    }

    void recover() {
        failure = null;
        if (!active) {
            active = true;
            connects.incrementAndGet();
        }
    }

    /** Answers the calls that are held. */
    void release() {
        List<Runnable> waiting = new ArrayList<>(held);
        held.clear();
        waiting.forEach(Runnable::run);
    }

    ScriptedPlugin with(String device, String alias, int sortIndex, String... tags) {
        devices.add(device(device, alias, sortIndex, "rw", tags));
        return this;
    }

    Device device(String device, String alias, int sortIndex, String mode, String... tags) {
        List<Tag> all =
                new ArrayList<>(List.of(Tag.parse("system/id:" + device), Tag.parse("system/type:temperature")));
        for (String tag : tags) {
            all.add(Tag.parse(tag));
        }
        return new Device(
                "2020-01-01T00:00:00Z",
                device,
                "temperature",
                "",
                "a sensor",
                alias,
                Map.of("model", "emul8"),
                mode,
                List.of("color"),
                all,
                List.of(new Device.Output("temperature", "temperature", 2, 0.5, new Unit("celsius", "C"))),
                sortIndex);
    }

    ScriptedPlugin reads(String device, @Nullable Object value) {
        readings.add(reading(device, value));
        return this;
    }

    static Reading reading(String device, @Nullable Object value) {
        return new Reading(
                device,
                "2020-01-01T00:00:00Z",
                "temperature",
                "temperature",
                "a sensor",
                Map.of("rack", "7"),
                new Unit("celsius", "C"),
                value);
    }

    @Override
    public CompletionStage<PluginHealth> health() {
        return answer(
                "Health",
                () -> new PluginHealth(
                        "2020-01-01T00:00:00Z",
                        health,
                        List.of(new PluginHealth.Check("queue", health, "", "2020-01-01T00:00:00Z", "periodic"))));
    }

    @Override
    public CompletionStage<List<Device>> devices(Selector selector) {
        return answer("Devices", () -> List.copyOf(devices));
    }

    @Override
    public CompletionStage<List<Reading>> read(Selector selector) {
        return answer(
                "Read",
                () -> readings.stream()
                        .filter(reading -> selected(selector, reading.device()))
                        .toList());
    }

    private boolean selected(Selector selector, String device) {
        if (!selector.id().isEmpty()) {
            return selector.id().equals(device);
        }
        return selector.tags().isEmpty()
                || devices.stream()
                        .anyMatch(known ->
                                known.id().equals(device) && known.tags().containsAll(selector.tags()));
    }

    @Override
    public Stream readCache(String start, String end, Receiver<Reading> receiver) {
        return stream("ReadCache " + start + ".." + end, receiver);
    }

    @Override
    public Stream readStream(List<Selector> selectors, Receiver<Reading> receiver) {
        return stream("ReadStream " + selectors, receiver);
    }

    private Stream stream(String call, Receiver<Reading> receiver) {
        calls.add(call);
        ScriptedStream stream = new ScriptedStream(receiver);
        streams.add(stream);
        PluginCallException reason = failure;
        if (reason != null) {
            stream.fail(reason);
        }
        return stream;
    }

    @Override
    public CompletionStage<List<WriteOrder>> writeAsync(Selector selector, List<WriteCommand> commands) {
        written.addAll(commands);
        return answer(
                "WriteAsync",
                () -> commands.stream()
                        .map(command -> new WriteOrder(
                                command.transaction().isEmpty()
                                        ? "t-" + written.indexOf(command)
                                        : command.transaction(),
                                selector.id(),
                                command,
                                "30s"))
                        .toList());
    }

    @Override
    public CompletionStage<List<Transaction>> writeSync(Selector selector, List<WriteCommand> commands) {
        written.addAll(commands);
        return answer(
                "WriteSync",
                () -> commands.stream()
                        .map(command -> status("t-" + written.indexOf(command), command))
                        .toList());
    }

    private static Transaction status(String transaction, WriteCommand command) {
        return new Transaction(
                transaction,
                "2020-01-01T00:00:00Z",
                "2020-01-01T00:00:01Z",
                "",
                "30s",
                Transaction.Status.DONE,
                command);
    }

    @Override
    public CompletionStage<Transaction> transaction(String transaction) {
        return answer("Transaction", () -> status(transaction, new WriteCommand("color", "ff0000", "")));
    }

    @Override
    public CompletionStage<List<Transaction>> transactions() {
        return answer("Transactions", List::of);
    }

    private <T> CompletionStage<T> answer(String call, Supplier<T> answer) {
        calls.add(call);
        CompletableFuture<T> coming = new CompletableFuture<>();
        Runnable complete = () -> complete(coming, answer);
        if (holding) {
            held.add(complete);
        } else {
            complete.run();
        }
        return coming;
    }

    private <T> void complete(CompletableFuture<T> coming, Supplier<T> answer) {
        PluginCallException reason = disabled ? new PluginCallException(Kind.UNREACHABLE, "disabled") : failure;
        if (reason == null) {
            coming.complete(answer.get());
            return;
        }
        if (reason.kind() == Kind.UNREACHABLE) {
            active = false;
        }
        coming.completeExceptionally(reason);
    }
}
