package io.myelin.health.plugin;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import org.jspecify.annotations.Nullable;

/** The attempts to reach one plugin, or whoever is at one address, again, until it is cancelled. */
@OwnedBy(Owner.PLUGINS)
final class Reconnection {
    private final PluginLoop loop;
    private final FullJitter waits;
    private PluginLoop.@Nullable Timer timer;
    private boolean cancelled;

    Reconnection(PluginLoop loop, RandomSource random) {
        this.loop = loop;
        this.waits = new FullJitter(random);
    }

    /** Waits, and runs {@code attempt} unless it is cancelled before; waits for one attempt at a time. */
    void later(Runnable attempt) {
        if (!cancelled && timer == null) {
            timer = loop.schedule(waits.next(), () -> {
                timer = null;
                attempt.run();
            });
        }
    }

    void cancel() {
        cancelled = true;
        PluginLoop.Timer waiting = timer;
        if (waiting != null) {
            waiting.cancel();
        }
    }
}
