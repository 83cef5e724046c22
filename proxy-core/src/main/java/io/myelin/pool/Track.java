package io.myelin.pool;

import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;

/**
 * Which member of which pool a member follows, instead of being checked itself: HAProxy's {@code track}.
 *
 * @param pool its name, empty for the follower's own pool
 * @param member what it is called there, where <code>%{name}</code>, <code>%{host}</code> and <code>%{port}</code>
 *     stand for the follower's; empty for the one that is called as the follower
 */
public record Track(String pool, String member) {
    /** Returns what {@code text} says: a member of the same pool, or {@code POOL/MEMBER}. */
    public static Track parse(String text) {
        int slash = text.indexOf('/');
        return new Track(slash < 0 ? "" : text.substring(0, slash), text.substring(slash + 1));
    }

    /** Returns the same of a pool of another name. */
    public Track in(String newPool) {
        return new Track(newPool, member);
    }

    /** Returns who it is that {@code follower} follows. */
    public EndpointId of(Endpoint follower) {
        if (member.isEmpty()) {
            return follower.id();
        }
        return new EndpointId(member.replace("%{name}", follower.name())
                .replace("%{host}", follower.host())
                .replace("%{port}", Integer.toString(follower.port())));
    }

    @Override
    public String toString() {
        return pool.isEmpty() ? member : pool + "/" + member;
    }
}
