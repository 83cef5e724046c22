package io.myelin.discovery.kubernetes;

import io.myelin.discovery.kubernetes.ObjectFollower.Means;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.HashMap;
import java.util.Map;

/** Everything that is followed in Kubernetes, each but once, however many services it concerns. */
@OwnedBy(Owner.REGISTRY)
final class ObjectFollowers {
    private final Means means;
    private final Surroundings surroundings;
    private final Map<KubernetesAccess, ApiAccess> accesses = new HashMap<>();
    private final Map<FollowedObjects, ObjectFollower> followers = new HashMap<>();

    ObjectFollowers(Means means, Surroundings surroundings) {
        this.means = means;
        this.surroundings = surroundings;
    }

    /** Has {@code listener} told of {@code objects}. */
    void join(FollowedObjects objects, ObjectsListener listener) {
        followers.computeIfAbsent(objects, this::follower).add(listener);
    }

    /** Ends that; nothing happens if it had not begun. */
    void leave(FollowedObjects objects, ObjectsListener listener) {
        ObjectFollower follower = followers.get(objects);
        if (follower != null && follower.remove(listener)) {
            followers.remove(objects);
        }
    }

    private ObjectFollower follower(FollowedObjects objects) {
        return new ObjectFollower(objects, accesses.computeIfAbsent(objects.access(), surroundings::access), means);
    }
}
