package io.myelin.pool;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.myelin.balance.KeyHash;
import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of one snapshot by what the cookie of their pool calls them. Immutable; read by every event loop.
 *
 * <p>A member that gets no new work (of weight 0, drained by an operator, or a backup while primaries serve) still
 * takes the requests of its clients. One that fails its checks does not, unless the pool persists or panics.
 */
public final class StickyMembers {
    /*
     * A hash table with open addressing over the bytes of the values, at most half full: a request finds its member
     * without making a text of its cookie. Of several members with one value the first that is open has it, so that
     * members can stand in for each other.
     */
    private final StickyConfig config;
    private final byte[] name;
    private final byte[] attributes;
    private final @Nullable StickyMember[] byValue;
    private final Map<Member, StickyMember> byMember;

    private StickyMembers(StickyConfig config, int capacity) {
        this.config = config;
        this.name = config.cookie().getBytes(US_ASCII);
        this.attributes = config.setAttributes().getBytes(US_ASCII);
        this.byValue = new StickyMember[capacity];
        this.byMember = new HashMap<>();
    }

    /**
     * Returns the members of a snapshot, {@code null} if its pool is not sticky.
     *
     * @param eligible those that take new work
     * @param previous what to take values from that were worked out before
     */
    static @Nullable StickyMembers of(
            @Nullable StickyConfig config,
            List<Member> members,
            List<Member> eligible,
            @Nullable StickyMembers previous) {
        if (config == null) {
            return null;
        }
        Map<Member, StickyMember> known =
                previous != null && previous.config.equals(config) ? previous.byMember : Map.of();
        StickyMembers next = new StickyMembers(config, Integer.highestOneBit(members.size() * 2 + 1) * 2);
        Set<Member> chosen = new HashSet<>(eligible);
        for (Member member : members) {
            boolean works = config.persist() || member.verdict().admitsTraffic() || chosen.contains(member);
            boolean open = works && member.adminState() != AdminState.MAINT;
            String options = member.endpoint().options();
            StickyMember before = known.get(member);
            byte[] value = before != null && before.options().equals(options)
                    ? before.value()
                    : CookieValue.of(config, member.endpoint()).getBytes(US_ASCII);
            next.add(new StickyMember(member, value, options, open));
        }
        return next;
    }

    private void add(StickyMember added) {
        byMember.put(added.member(), added);
        byte[] value = added.value();
        int at = KeyHash.of(value, 0, value.length);
        while (true) {
            at &= byValue.length - 1;
            StickyMember there = byValue[at];
            if (there == null) {
                byValue[at] = added;
                return;
            }
            if (equal(there.value(), value, 0, value.length)) {
                if (!there.open() && added.open()) {
                    byValue[at] = added;
                }
                return;
            }
            at++;
        }
    }

    /** Returns the member that {@code bytes} between the two positions name, {@code null} if there is none. */
    public @Nullable StickyMember find(byte[] bytes, int from, int to) {
        int at = KeyHash.of(bytes, from, to);
        while (true) {
            at &= byValue.length - 1;
            StickyMember there = byValue[at];
            if (there == null || equal(there.value(), bytes, from, to)) {
                return there;
            }
            at++;
        }
    }

    private static boolean equal(byte[] value, byte[] bytes, int from, int to) {
        if (value.length != to - from) {
            return false;
        }
        for (int i = 0; i < value.length; i++) {
            if (value[i] != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }

    /** Returns what the cookie calls {@code member}, {@code null} if the snapshot does not have it. */
    public byte @Nullable [] valueOf(Member member) {
        StickyMember known = byMember.get(member);
        return known == null ? null : known.value();
    }

    /** Returns whether {@code member} takes the requests of its clients. */
    public boolean open(Member member) {
        StickyMember known = byMember.get(member);
        return known != null && known.open();
    }

    public StickyConfig config() {
        return config;
    }

    /** Returns the cookie's name; not to be written. */
    public byte[] name() {
        return name;
    }

    /** Returns what follows the value where the proxy sets the cookie; not to be written. */
    public byte[] attributes() {
        return attributes;
    }
}
