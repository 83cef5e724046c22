package io.myelin.balance;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the member that the request's key belongs to, and members in turn for requests without a key. */
final class ByKey implements Balancer {
    private final HashConfig config;
    private final Balancer keyless;

    ByKey(HashConfig config, Balancer keyless) {
        this.config = config;
        this.keyless = keyless;
    }

    @Override
    public Picker pickerFor(List<Member> eligible) {
        return eligible.isEmpty() ? pick -> null : new Keyed(eligible, config, keyless.pickerFor(eligible));
    }

    private static final class Keyed implements Picker {
        /*
         * With a balance factor c, a member of weight w may hold c times its share of what would then be in flight:
         * less than c(m + 1)w/W before this exchange, where m is in flight at all members and W is their weight
         * (Mirrokni, Thorup and Zadimoghaddam 2018). The limits add up to more than m, so one member has room. Counting m
         * reads every member, which an idle owner saves: it always has room.
         */
        private static final int LOOKS_PER_MEMBER = 4;

        private final Member[] members;
        private final KeyTable table;
        private final int[] turns;
        private final long balanceFactor;
        private final long totalWeight;
        private final Picker keyless;

        Keyed(List<Member> eligible, HashConfig config, Picker keyless) {
            List<Member> sorted = eligible.stream()
                    .sorted(Comparator.comparing(member -> member.id().value()))
                    .toList();
            this.members = sorted.toArray(Member[]::new);
            this.table = KeyTable.of(config.layout(), sorted);
            this.turns = table.turns();
            this.balanceFactor = config.balanceFactor();
            this.totalWeight = sorted.stream().mapToLong(Member::weight).sum();
            this.keyless = keyless;
        }

        @Override
        public @Nullable Member pick(Pick pick) {
            if (!pick.hasKey()) {
                return keyless.pick(pick);
            }
            int turn = table.turn(pick.key());
            Member owner = members[turns[turn]];
            if (!pick.excludes(owner) && (balanceFactor == 0 || owner.inFlight() <= 0)) {
                return owner;
            }
            if (balanceFactor == 0) {
                return firstFrom(turn, pick, Long.MAX_VALUE);
            }
            Member withRoom = firstFrom(turn, pick, inFlight() + 1);
            return withRoom != null ? withRoom : firstFrom(turn, pick, Long.MAX_VALUE);
        }

        private long inFlight() {
            long sum = 0;
            for (Member member : members) {
                sum += member.inFlight();
            }
            return sum;
        }

        /**
         * Returns the first member from {@code turn} on that is not excluded and has room when {@code expected}
         * exchanges are in flight; any member has room for {@link Long#MAX_VALUE}.
         */
        private @Nullable Member firstFrom(int turn, Pick pick, long expected) {
            int looks = (int) Math.min(turns.length, (long) LOOKS_PER_MEMBER * members.length);
            int at = turn;
            for (int look = 0; look < looks; look++) {
                Member member = members[turns[at]];
                if (!pick.excludes(member) && hasRoom(member, expected)) {
                    return member;
                }
                at = at + 1 < turns.length ? at + 1 : 0;
            }
            return anyFrom(turns[turn], pick, expected);
        }

        private @Nullable Member anyFrom(int first, Pick pick, long expected) {
            for (int offset = 0; offset < members.length; offset++) {
                Member member = members[(first + offset) % members.length];
                if (!pick.excludes(member) && hasRoom(member, expected)) {
                    return member;
                }
            }
            return null;
        }

        private boolean hasRoom(Member member, long expected) {
            return expected == Long.MAX_VALUE
                    || member.inFlight() * 100 * totalWeight < balanceFactor * expected * Math.max(1, member.weight());
        }
    }
}
