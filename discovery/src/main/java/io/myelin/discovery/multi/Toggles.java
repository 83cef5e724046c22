package io.myelin.discovery.multi;

import io.myelin.discovery.multi.ResolverConfig.Toggle;
import io.myelin.discovery.polling.Totals;
import io.myelin.discovery.s3.ObjectReader;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The objects that say which source serves. One that several services name is read once for all of them, and what is
 * drawn holds for all of them.
 */
@OwnedBy(Owner.REGISTRY)
final class Toggles {
    private final ObjectReader objects;
    private final Executor thread;
    private final RandomSource random;
    private final Totals<MultiCount> counts;
    private final Map<Toggle, ToggleObject> followed = new HashMap<>();

    /**
     * Creates toggles of which none is followed.
     *
     * @param thread the thread that calls all methods, and to which what was read is brought
     */
    Toggles(ObjectReader objects, Executor thread, RandomSource random, Totals<MultiCount> counts) {
        this.objects = objects;
        this.thread = thread;
        this.random = random;
        this.counts = counts;
    }

    /** Tells {@code taker} each name that is drawn; at once, if one was drawn already. */
    void follow(Toggle toggle, Object follower, Consumer<String> taker) {
        followed.computeIfAbsent(toggle, first -> new ToggleObject(first, objects, thread, random, counts))
                .add(follower, taker);
    }

    /** Tells nothing more; what was drawn is remembered, so that a service that comes back goes on as it was. */
    void unfollow(Toggle toggle, Object follower) {
        ToggleObject object = followed.get(toggle);
        if (object != null) {
            object.remove(follower);
        }
    }

    /** Begins to read the object if that is due. */
    void look(Toggle toggle, long nowNanos) {
        ToggleObject object = followed.get(toggle);
        if (object != null) {
            object.look(nowNanos);
        }
    }

    /** Returns why the latest read failed, empty if it did not. */
    String error(Toggle toggle) {
        ToggleObject object = followed.get(toggle);
        return object == null ? "" : object.error();
    }
}
