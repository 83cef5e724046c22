package io.myelin.synse;

import io.myelin.health.plugin.Transaction;
import io.myelin.health.plugin.WriteCommand;
import io.myelin.health.plugin.WriteOrder;

/** Writes in the shapes of the API. */
final class WriteShapes {
    private WriteShapes() {}

    /** What is written. */
    record Context(String action, String data, String transaction) {
        static Context of(WriteCommand command) {
            return new Context(command.action(), command.content(), command.transaction());
        }
    }

    /** A write that a plugin accepted. */
    record Accepted(String id, String device, Context context, String timeout) {
        static Accepted of(WriteOrder order, String device) {
            return new Accepted(order.id(), device, Context.of(order.command()), order.timeout());
        }
    }

    /** How far a write has come. */
    record Progress(
            String id,
            String created,
            String updated,
            String message,
            String timeout,
            String status,
            Context context,
            String device) {
        static Progress of(Transaction transaction, String device) {
            return new Progress(
                    transaction.id(),
                    transaction.created(),
                    transaction.updated(),
                    transaction.message(),
                    transaction.timeout(),
                    transaction.status().name(),
                    Context.of(transaction.command()),
                    device);
        }
    }
}
