package io.myelin.benchmarks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.HealthVerdict;
import io.myelin.model.HealthVerdict.State;
import io.myelin.model.RandomSource;
import io.myelin.pool.MembershipRules;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.PoolSnapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Warmup;
import org.slf4j.LoggerFactory;

/**
 * Claim: one event in a pool of thousands becomes a snapshot within milliseconds. Logging is off, since a log line
 * costs the same for every size.
 */
@org.openjdk.jmh.annotations.State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class FoldBenchmark {
    private static final HealthVerdict FAILING = new HealthVerdict(State.FAILING, "http 500 in 3 ms", 1);
    private static final HealthVerdict PASSING = new HealthVerdict(State.PASSING, "http 200 in 3 ms", 2);

    @Param({"10", "1000", "10000"})
    public int members;

    private final Queue<Runnable> control = new ArrayDeque<>();
    private final Pool pool = new Pool(PoolConfig.named("web"), control::add, Clock.SYSTEM, RandomSource.SYSTEM, 2);
    private final Pool fallback = new Pool(PoolConfig.named("web"), control::add, Clock.SYSTEM, RandomSource.SYSTEM, 2);
    private EndpointSet current = new EndpointSet("web", List.of(), "empty");
    private EndpointSet next = current;
    private HealthVerdict verdict = PASSING;

    @Setup
    public void createPool() {
        ((Logger) LoggerFactory.getLogger("io.myelin")).setLevel(Level.OFF);
        List<Endpoint> endpoints = IntStream.range(0, members)
                .mapToObj(i -> Endpoint.of("web" + i, "10.0." + (i >> 8) + "." + (i & 255), 8080))
                .toList();
        List<Endpoint> replaced = new ArrayList<>(endpoints);
        replaced.set(members / 2, Endpoint.of("newcomer", "10.1.0.1", 8080));
        current = new EndpointSet("web", endpoints, "before");
        next = new EndpointSet("web", replaced, "after");
        pool.replace(current);
        fallback.reconfigure(PoolConfig.named("web")
                .with()
                .membership(new MembershipRules(
                        endpoints.stream()
                                .map(endpoint -> endpoint.withWeight(3))
                                .toList(),
                        true,
                        true,
                        null,
                        1,
                        false,
                        false))
                .build());
        runControl();
    }

    /** A delivery in which one endpoint took the place of another. */
    @Benchmark
    public PoolSnapshot endpointReplaced() {
        EndpointSet delivered = next;
        next = current;
        current = delivered;
        pool.replace(delivered);
        return runControl();
    }

    /** A member that health withdraws, or lets come back. */
    @Benchmark
    public PoolSnapshot verdictChanged() {
        verdict = verdict.equals(PASSING) ? FAILING : PASSING;
        pool.onVerdict(current.endpoints().get(0).id(), verdict);
        return runControl();
    }

    /** The same among default servers, whose weights count while those of a registry would not. */
    @Benchmark
    public PoolSnapshot verdictOfDefaultChanged() {
        verdict = verdict.equals(PASSING) ? FAILING : PASSING;
        fallback.onVerdict(fallback.snapshot().members().get(0).id(), verdict);
        runControl();
        return fallback.snapshot();
    }

    private PoolSnapshot runControl() {
        for (Runnable task = control.poll(); task != null; task = control.poll()) {
            task.run();
        }
        return pool.snapshot();
    }
}
