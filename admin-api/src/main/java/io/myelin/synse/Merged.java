package io.myelin.synse;

import io.myelin.health.plugin.PluginCallException;
import io.myelin.health.plugin.PluginCalls.Receiver;
import io.myelin.health.plugin.PluginCalls.Stream;
import io.myelin.health.plugin.Reading;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of several plugins as one, on the event loop of whoever takes it.
 *
 * <p>A plugin may send another reading for each that was taken, so that no more than the first few of each wait for a
 * client that is slow.
 */
@OwnedBy(Owner.ADMIN_LOOP)
final class Merged {
    private static final Logger log = LoggerFactory.getLogger(Merged.class);

    private final Executor loop;
    private final Taker taker;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private boolean cancelled;

    /** What takes the readings. */
    interface Taker {
        /** Takes a reading; returns whether there is room for more. */
        boolean take(Reading reading);

        /** Takes note that a plugin has no more to say, or broke off if {@code reason} is not {@code null}. */
        void ended(String plugin, @Nullable PluginCallException reason);
    }

    /** The stream of one plugin. Its receiving methods come on any thread. */
    @OwnedBy(Owner.ADMIN_LOOP)
    private final class Part implements Receiver<Reading> {
        private final String plugin;
        private @Nullable Stream stream;
        private int owed;

        Part(String plugin) {
            this.plugin = plugin;
        }

        @Override
        public void next(Reading reading) {
            onLoop(() -> onNext(this, reading));
        }

        @Override
        public void ended() {
            onLoop(() -> onEnd(this, null));
        }

        @Override
        public void failed(PluginCallException reason) {
            onLoop(() -> onEnd(this, reason));
        }

        /** Allows as many messages as were taken. */
        void pay() {
            Stream open = stream;
            if (owed > 0 && open != null) {
                int count = owed;
                owed = 0;
                open.request(count);
            }
        }
    }

    /** Creates a merger without streams. */
    Merged(Executor loop, Taker taker) {
        this.loop = loop;
        this.taker = taker;
    }

    /** Begins the stream of a plugin that has none here. */
    void open(String plugin, Function<Receiver<Reading>, Stream> opener) {
        Part part = new Part(plugin);
        parts.put(plugin, part);
        part.stream = opener.apply(part);
    }

    /** Returns whether no stream is open. */
    boolean over() {
        return parts.isEmpty();
    }

    boolean has(String plugin) {
        return parts.containsKey(plugin);
    }

    /** Lets plugins go on: there is room again. */
    void resume() {
        if (!cancelled) {
            parts.values().forEach(Part::pay);
        }
    }

    /** Ends all streams; nothing is taken afterwards. Idempotent. */
    void cancel() {
        cancelled = true;
        for (Part part : parts.values()) {
            Stream open = part.stream;
            if (open != null) {
                open.cancel();
            }
        }
        parts.clear();
    }

    private void onNext(Part part, Reading reading) {
        if (cancelled) {
            return;
        }
        part.owed++;
        if (taker.take(reading)) {
            part.pay();
        }
    }

    private void onEnd(Part part, @Nullable PluginCallException reason) {
        if (!cancelled && parts.remove(part.plugin, part)) {
            taker.ended(part.plugin, reason);
        }
    }

    private void onLoop(Runnable event) {
        try {
            loop.execute(event);
        } catch (RejectedExecutionException e) {
            log.debug("A reading came when the listener was closed", e);
        }
    }
}
