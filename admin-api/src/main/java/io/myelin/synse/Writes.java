package io.myelin.synse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.health.plugin.Device;
import io.myelin.health.plugin.PluginCallException;
import io.myelin.health.plugin.PluginCallException.Kind;
import io.myelin.health.plugin.PluginCalls;
import io.myelin.health.plugin.Plugins;
import io.myelin.health.plugin.Selector;
import io.myelin.health.plugin.WriteCommand;
import io.myelin.synse.WriteShapes.Accepted;
import io.myelin.synse.WriteShapes.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** What is written to devices, and how far that has come. Any thread; nothing waits. */
final class Writes {
    private final Plugins plugins;
    private final DeviceCache devices;
    private final TransactionCache transactions;

    /** A device that can be written, and what calls its plugin. */
    private record Goal(Device device, PluginCalls calls) {
        Selector selector() {
            return Selector.device(device.id());
        }
    }

    Writes(Plugins plugins, DeviceCache devices, TransactionCache transactions) {
        this.plugins = plugins;
        this.devices = devices;
        this.transactions = transactions;
    }

    /** Reads what a client wants written: one object, or a list of them. */
    static List<WriteCommand> commands(String text) {
        try {
            return commands(Notation.read(text));
        } catch (JsonProcessingException e) {
            throw ApiException.invalid("invalid JSON: " + e.getOriginalMessage());
        }
    }

    /** Reads what a client wants written: one object, or a list of them. */
    static List<WriteCommand> commands(JsonNode payload) {
        List<WriteCommand> commands = new ArrayList<>();
        for (JsonNode each : payload.isArray() ? payload : List.of(payload)) {
            commands.add(command(each));
        }
        if (commands.isEmpty()) {
            throw ApiException.invalid("nothing to write (expected: an object with \"action\", or a list of them)");
        }
        return commands;
    }

    private static WriteCommand command(JsonNode each) {
        if (!each.isObject()) {
            throw ApiException.invalid("invalid JSON (expected: an object with \"action\", or a list of them)");
        }
        if (!each.path("action").isTextual()) {
            throw ApiException.invalid("missing \"action\" (expected: a string)");
        }
        JsonNode content = each.path("data");
        return new WriteCommand(
                each.path("action").asText(),
                content.isContainerNode() ? content.toString() : content.asText(""),
                each.path("transaction").asText(""));
    }

    /** Orders writes to the device with that id or alias, and does not wait for them. */
    CompletionStage<List<Accepted>> order(String name, List<WriteCommand> commands) {
        return goal(name)
                .thenCompose(goal -> goal.calls()
                        .writeAsync(goal.selector(), commands)
                        .thenApply(orders -> orders.stream()
                                .map(order -> {
                                    transactions.put(order.id(), goal.device());
                                    return Accepted.of(order, goal.device().id());
                                })
                                .toList()));
    }

    /** Writes to the device with that id or alias; completes when that is done. */
    CompletionStage<List<Progress>> write(String name, List<WriteCommand> commands) {
        return goal(name)
                .thenCompose(goal -> goal.calls()
                        .writeSync(goal.selector(), commands)
                        .thenApply(done -> done.stream()
                                .map(transaction -> {
                                    transactions.put(transaction.id(), goal.device());
                                    return Progress.of(
                                            transaction, goal.device().id());
                                })
                                .toList()));
    }

    private CompletionStage<Goal> goal(String name) {
        return devices.current().thenApply(known -> {
            Device device = known.named(name);
            if (device == null) {
                throw ApiException.notFound("plugin not found for device " + name);
            }
            if (device.mode().equals("r")) {
                throw ApiException.unsupported("device " + name + " cannot be written");
            }
            return new Goal(
                    device,
                    plugins.of(device.plugin())
                            .orElseThrow(() -> ApiException.notFound("plugin not found for device " + name)));
        });
    }

    /** Returns how far a write has come. */
    CompletionStage<Progress> progress(String id) {
        Device device = transactions.device(id);
        PluginCalls calls = device == null ? null : plugins.of(device.plugin()).orElse(null);
        if (device == null || calls == null) {
            throw unknown(id);
        }
        return calls.transaction(id).handle((transaction, failure) -> {
            if (failure == null) {
                return Progress.of(transaction, device.id());
            }
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof PluginCallException call && call.kind() == Kind.NOT_FOUND) {
                throw unknown(id);
            }
            throw new CompletionException(cause);
        });
    }

    /** Returns the ids of all writes that are remembered. */
    List<String> all() {
        return transactions.ids();
    }

    private static ApiException unknown(String id) {
        return ApiException.notFound("transaction not found: " + id);
    }
}
