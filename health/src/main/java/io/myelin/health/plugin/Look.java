package io.myelin.health.plugin;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.concurrent.CompletableFuture;

/** One look at all addresses: over when every visit that it consists of is. */
@OwnedBy(Owner.PLUGINS)
final class Look {
    private final CompletableFuture<Object> over = new CompletableFuture<>();
    private final Runnable end;
    private int visits = 1;

    /** Begins a look; {@code end} is run before those who wait hear of it. */
    Look(Runnable end) {
        this.end = end;
    }

    CompletableFuture<Object> over() {
        return over;
    }

    /** Consists of one visit more, whose end is {@link #visited}. */
    void include() {
        visits++;
    }

    /** Is over if nothing else is under way; called once more than {@link #include}. */
    void visited() {
        visits--;
        if (visits == 0) {
            end.run();
            over.complete(this);
        }
    }
}
