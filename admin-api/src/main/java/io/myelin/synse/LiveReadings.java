package io.myelin.synse;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.health.plugin.PluginCallException;
import io.myelin.health.plugin.PluginView;
import io.myelin.health.plugin.Reading;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.synse.ReadingStreams.Wish;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Readings that one client is told of as they are taken, until it wants no more. */
@OwnedBy(Owner.ADMIN_LOOP)
final class LiveReadings implements Merged.Taker {
    private static final Logger log = LoggerFactory.getLogger(LiveReadings.class);

    private final ReadingStreams streams;
    private final Wish wish;
    private final JsonNode id;
    private final Listener listener;
    private final Merged merged;
    /** How often a plugin had become active when it was last asked. */
    private final Map<String, Long> asked = new HashMap<>();

    /** Who is told. */
    @FunctionalInterface
    interface Listener {
        /**
         * Tells of a reading; returns whether there is room for more.
         *
         * @param id of the request that asked for it
         */
        boolean tell(JsonNode id, ReadingShape reading);
    }

    LiveReadings(ReadingStreams streams, Wish wish, JsonNode id, Listener listener, Executor loop) {
        this.streams = streams;
        this.wish = wish;
        this.id = id;
        this.listener = listener;
        this.merged = new Merged(loop, this);
    }

    /** Asks every plugin that became active since it was last asked. */
    void look() {
        for (PluginView plugin : streams.active()) {
            Long last = asked.get(plugin.id());
            if (!merged.has(plugin.id()) && (last == null || last != plugin.connects())) {
                asked.put(plugin.id(), plugin.connects());
                streams.open(merged, wish, plugin.id());
            }
        }
    }

    void resume() {
        merged.resume();
    }

    void cancel() {
        merged.cancel();
    }

    @Override
    public boolean take(Reading reading) {
        return listener.tell(id, ReadingShape.of(reading));
    }

    @Override
    public void ended(String plugin, @Nullable PluginCallException reason) {
        if (reason != null) {
            log.warn("A stream of readings broke off: plugin={} error={}", plugin, reason.getMessage());
        }
    }
}
