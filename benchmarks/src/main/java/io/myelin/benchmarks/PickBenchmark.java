package io.myelin.benchmarks;

import io.myelin.balance.BalanceConfig;
import io.myelin.balance.BalanceConfig.Policy;
import io.myelin.balance.Member;
import io.myelin.balance.MemberCounter;
import io.myelin.balance.Pick;
import io.myelin.balance.Picker;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.RandomSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Claim: a pick allocates nothing, and costs tens of nanoseconds unless the policy compares many members. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class PickBenchmark {
    private static final int LOOPS = 2;

    @Param
    public Policy policy = Policy.ROUND_ROBIN;

    @Param({"3", "30", "300"})
    public int members;

    @Param
    public Weights weights = Weights.EQUAL;

    private Picker picker = pick -> null;

    /** How the weights of the members relate. */
    public enum Weights {
        EQUAL,
        /** 1 to 7, in turn. */
        MIXED;

        int of(int index) {
            return this == EQUAL ? 1 : 1 + index % 7;
        }
    }

    @Setup
    public void createPicker() {
        List<Member> pool =
                IntStream.range(0, members).mapToObj(this::busyMember).toList();
        picker = new BalanceConfig(policy, 2)
                .newBalancer(RandomSource.SYSTEM, Clock.SYSTEM)
                .pickerFor(pool);
    }

    @Benchmark
    public @Nullable Member pick() {
        return picker.pick(Pick.ANY);
    }

    private Member busyMember(int index) {
        Member member = new Member(Endpoint.of("", "10.0.0.1", 1 + index), weights.of(index), LOOPS);
        for (int loop = 0; loop < LOOPS; loop++) {
            member.onResponse(loop, 1_000_000L * (index + 1), Clock.SYSTEM.nanoTime());
            member.load(loop).counters().add(MemberCounter.IN_FLIGHT, 1 + index % 5);
        }
        return member;
    }
}
