package io.myelin.balance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.myelin.balance.BalanceConfig.Policy;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PickAllocationTest {
    private static final int PICKS = 100_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @EnumSource(Policy.class)
    void aPickAllocatesNothing(Policy policy) {
        List<Member> members = Members.weighing(5, 1, 1, 9);
        members.forEach(member -> Members.load(member, 1));
        members.forEach(member -> member.onResponse(0, 1_000_000, 0));
        Picker picker = new BalanceConfig(policy, 2)
                .newBalancer(RandomSource.SYSTEM, Clock.SYSTEM)
                .pickerFor(members);
        Member excluded = members.get(0);
        Pick pick = new KeyedPick(excluded);
        run(picker, pick);

        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        int missed = run(picker, pick);
        long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;

        assertThat(missed).isZero();
        assertThat(allocated).as("bytes allocated by %d picks", PICKS).isLessThan(PICKS);
    }

    private static int run(Picker picker, Pick pick) {
        int missed = 0;
        for (int i = 0; i < PICKS; i++) {
            if (picker.pick(pick) == null) {
                missed++;
            }
        }
        return missed;
    }

    private record KeyedPick(Member excluded) implements Pick {
        @Override
        public boolean excludes(Member member) {
            return member == excluded;
        }

        @Override
        public boolean hasKey() {
            return true;
        }

        @Override
        public int key() {
            return 4_711;
        }
    }
}
