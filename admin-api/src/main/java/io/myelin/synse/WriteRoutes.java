package io.myelin.synse;

import java.util.concurrent.CompletionStage;

/** The writes over HTTP. */
final class WriteRoutes {
    private static final String DEVICE = "device_id";

    private final Writes writes;

    WriteRoutes(Writes writes) {
        this.writes = writes;
    }

    void addTo(Routes routes) {
        routes.post(
                        "/v3/write/<device_id>",
                        call -> writes.order(call.variable(DEVICE), Writes.commands(call.body()))
                                .thenApply(Outcome::of))
                .post("/v3/write/wait/<device_id>", this::write)
                .post("/v3/device/<device_id>", this::write)
                .get("/v3/transaction", call -> Outcome.now(writes.all()))
                .get(
                        "/v3/transaction/<transaction_id>",
                        call -> writes.progress(call.variable("transaction_id")).thenApply(Outcome::of));
    }

    private CompletionStage<Outcome> write(Call call) {
        return writes.write(call.variable(DEVICE), Writes.commands(call.body())).thenApply(Outcome::of);
    }
}
