package io.myelin.balance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.myelin.balance.HashConfig.KeySource;
import io.myelin.balance.HashConfig.Layout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ByKeyTest {
    private static final int KEYS = 50_000;

    private final Random random = new Random(5);

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aKeyBelongsToOneMemberWhateverTheOrderOfTheRegistry(Layout layout) {
        List<Member> members = Members.weighing(3, 1, 2, 1, 5);
        List<Member> shuffled = new ArrayList<>(members);
        Collections.shuffle(shuffled, random);
        Picker picker = picker(layout, 0, members);
        Picker other = picker(layout, 0, shuffled);

        assertThat(owners(picker)).isEqualTo(owners(other)).isEqualTo(owners(picker));
    }

    @ParameterizedTest
    @CsvSource({"CONSISTENT, 3", "CONSISTENT, 10", "CONSISTENT, 50", "MAGLEV, 3", "MAGLEV, 10", "MAGLEV, 50"})
    void fewKeysMoveWhenAMemberGoesOrComes(Layout layout, int count) {
        List<Member> members = Members.equal(count);
        for (int gone : new int[] {0, count / 2, count - 1}) {
            List<Member> rest = new ArrayList<>(members);
            rest.remove(gone);
            Member[] before = owners(picker(layout, 0, members));
            Member[] after = owners(picker(layout, 0, rest));

            double share = share(before, members.get(gone));
            assertThat(moved(before, after)).isBetween(share, 1.0 / count + 0.02);
            assertThat(after).doesNotContain(members.get(gone));
        }
    }

    @Test
    void onARingOnlyTheKeysOfTheMemberThatGoesMove() {
        List<Member> members = Members.weighing(1, 2, 3, 4, 5);
        Member[] before = owners(picker(Layout.CONSISTENT, 0, members));
        Member[] after = owners(picker(Layout.CONSISTENT, 0, members.subList(0, 4)));

        assertThat(moved(before, after)).isEqualTo(share(before, members.get(4)));
    }

    @ParameterizedTest
    @CsvSource({"MAP_BASED, 0.005", "MAGLEV, 0.006", "CONSISTENT, 0.04"})
    void keysSpreadByWeight(Layout layout, double tolerance) {
        List<Member> members = Members.weighing(1, 2, 3, 4);
        Member[] owners = owners(picker(layout, 0, members));

        for (int i = 0; i < members.size(); i++) {
            assertThat(share(owners, members.get(i))).isCloseTo((i + 1) / 10.0, within(tolerance));
        }
    }

    @ParameterizedTest
    @CsvSource({"3", "20", "100"})
    void aMaglevTableIsEven(int count) {
        int[] turns = new int[count];
        for (int member : Maglev.turns(Members.equal(count))) {
            turns[member]++;
        }

        double average = 65_537.0 / count;
        assertThat(turns).satisfies(all -> {
            for (int each : all) {
                assertThat(each / average).isCloseTo(1, within(0.01));
            }
        });
    }

    @Test
    void aLargePoolGetsALargeMaglevTable() {
        assertThat(Maglev.turns(Members.equal(656))).hasSize(655_373).doesNotContain(-1);
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void requestsWithoutAKeyTakeTurns(Layout layout) {
        assertThat(Members.picks(picker(layout, 0, Members.equal(3)), 6)).isEqualTo("m0 m1 m2 m0 m1 m2");
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aKeyGoesElsewhereWhileItsOwnerIsExcluded(Layout layout) {
        List<Member> members = Members.equal(5);
        Picker picker = picker(layout, 0, members);
        for (int key = 0; key < 500; key++) {
            Member owner = requireNonNull(picker.pick(new Keyed(key)));
            Member next = picker.pick(excluding(key, List.of(owner)));

            assertThat(next).isNotNull().isNotSameAs(owner);
            assertThat(picker.pick(excluding(key, List.of(owner)))).isSameAs(next);
            assertThat(picker.pick(excluding(key, members.subList(1, 5)))).isSameAs(members.get(0));
            assertThat(picker.pick(excluding(key, members))).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void noMemberHoldsMoreThanItsBoundedLoad(Layout layout) {
        List<Member> members = Members.weighing(1, 1, 2, 3, 1, 4);
        Picker picker = picker(layout, 125, members);
        List<Member> running = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (running.size() > 200 || (running.size() > 20 && random.nextInt(3) == 0)) {
                Members.load(running.remove(random.nextInt(running.size())), -1);
            } else {
                // Half of all requests have one of three keys.
                int key = random.nextBoolean() ? random.nextInt(3) : random.nextInt();
                Member taken = requireNonNull(picker.pick(new Keyed(key)));
                Members.load(taken, 1);
                running.add(taken);

                double share = running.size() * taken.weight() / 12.0;
                assertThat(taken.inFlight()).isLessThanOrEqualTo((long) Math.ceil(1.25 * share));
            }
        }
    }

    @Test
    void aKeyStaysWithItsOwnerWhileThatHasRoom() {
        List<Member> members = Members.equal(4);
        Picker picker = picker(Layout.CONSISTENT, 150, members);
        Member owner = requireNonNull(picker.pick(new Keyed(77)));
        members.forEach(member -> Members.load(member, 4));

        assertThat(picker.pick(new Keyed(77))).isSameAs(owner);
        Members.load(owner, 4);
        assertThat(picker.pick(new Keyed(77))).isNotSameAs(owner);
    }

    @Test
    void anEmptyPoolHasNothingToOffer() {
        assertThat(picker(Layout.MAGLEV, 0, List.of()).pick(new Keyed(1))).isNull();
    }

    private static Picker picker(Layout layout, int balanceFactor, List<Member> members) {
        HashConfig config = new HashConfig(KeySource.SOURCE, "", layout, balanceFactor);
        return new ByKey(config, new RoundRobin(bound -> 0)).pickerFor(members);
    }

    private static Pick excluding(int key, List<Member> excluded) {
        return new Pick() {
            @Override
            public boolean excludes(Member member) {
                return excluded.contains(member);
            }

            @Override
            public boolean hasKey() {
                return true;
            }

            @Override
            public int key() {
                return key;
            }
        };
    }

    private static Member[] owners(Picker picker) {
        Member[] owners = new Member[KEYS];
        for (int i = 0; i < KEYS; i++) {
            owners[i] = requireNonNull(picker.pick(new Keyed(KeyHash.of("user-" + i))));
        }
        return owners;
    }

    private static double share(Member[] owners, Member member) {
        Map<Member, Integer> counts = new HashMap<>();
        for (Member owner : owners) {
            counts.merge(owner, 1, Integer::sum);
        }
        return counts.getOrDefault(member, 0) / (double) KEYS;
    }

    private static double moved(Member[] before, Member[] after) {
        int moved = 0;
        for (int i = 0; i < KEYS; i++) {
            moved += before[i] == after[i] ? 0 : 1;
        }
        return moved / (double) KEYS;
    }
}
