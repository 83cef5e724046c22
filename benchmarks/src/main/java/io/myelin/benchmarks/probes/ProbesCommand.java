package io.myelin.benchmarks.probes;

import io.myelin.benchmarks.load.Origin;
import io.myelin.health.Checker;
import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.health.lifecycle.LifecycleObserver;
import io.myelin.health.lifecycle.LoopLifecycleMonitor;
import io.myelin.health.lifecycle.ProbeConfig;
import io.myelin.health.lifecycle.ProbeSubject;
import io.myelin.health.lifecycle.ProbeSubject.Port;
import io.myelin.health.lifecycle.ReplicaState;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench probes}: the processor time of many probes, that of whoever answers them left out. */
@Command(
        name = "probes",
        mixinStandardHelpOptions = true,
        description = "Probes many instances on a loopback port, each on a new connection once in a period, and prints"
                + " the processor time, user and system, of the event loop that does it.")
@SuppressWarnings("FieldCanBeFinal") // the command line parser sets them
public final class ProbesCommand implements Callable<Integer> {
    private static final String LOOP = "health-";
    private static final List<String> WAYS = List.of("http", "tcp");

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--instances", description = "Instances that are probed; default ${DEFAULT-VALUE}.")
    private int instances = 1_000;

    @Option(names = "--period", paramLabel = "MILLIS", description = "Between two probes; default ${DEFAULT-VALUE}.")
    private int periodMillis = 1_000;

    @Option(names = "--way", description = "http or tcp; default ${DEFAULT-VALUE}.")
    private String way = "http";

    @Option(names = "--warm-up", paramLabel = "SECONDS", description = "Not counted; default ${DEFAULT-VALUE}.")
    private int warmUpSeconds = 10;

    @Option(names = "--duration", paramLabel = "SECONDS", description = "Counted; default ${DEFAULT-VALUE}.")
    private int durationSeconds = 10;

    @Override
    public Integer call() throws InterruptedException {
        CommandSpec described = spec == null ? CommandSpec.forAnnotatedObject(this) : spec;
        if (!WAYS.contains(way) || instances < 1 || periodMillis < 1) {
            throw new ParameterException(
                    described.commandLine(),
                    "--way " + way + " --instances " + instances + " --period " + periodMillis
                            + " (expected: http or tcp, at least 1, at least 1)");
        }
        PrintWriter out = described.commandLine().getOut();
        try (Origin origin = new Origin(1);
                Checker checker = new Checker(1, Clock.SYSTEM, RandomSource.SYSTEM);
                LoopLifecycleMonitor monitor = new LoopLifecycleMonitor(checker, Clock.SYSTEM)) {
            int port = origin.serveHttp(0);
            for (int i = 0; i < instances; i++) {
                ProbeSubject subject = new ProbeSubject("bench", "i" + i, List.of(new Port(0, "", "127.0.0.1", port)));
                monitor.watch(config(i), subject, new Silent());
            }
            Thread.sleep(Duration.ofSeconds(warmUpSeconds).toMillis());
            Reading before = Reading.of(monitor);
            Thread.sleep(Duration.ofSeconds(durationSeconds).toMillis());
            print(Reading.of(monitor).since(before), out);
        }
        return 0;
    }

    /** Spreads the instances over the period, as those of a real host are that were not started at once. */
    private LifecycleConfig config(int index) {
        ProbeConfig probe = new ProbeConfig(
                way.equals("tcp")
                        ? new ProbeConfig.Tcp(null)
                        : new ProbeConfig.Http("/small", null, "", List.of(), false),
                Duration.ofMillis((long) index * periodMillis / instances),
                Duration.ofMillis(periodMillis),
                ProbeConfig.DEFAULT_TIMEOUT,
                ProbeConfig.DEFAULT_SUCCESS_THRESHOLD,
                ProbeConfig.DEFAULT_FAILURE_THRESHOLD);
        return new LifecycleConfig(
                null, probe, LifecycleConfig.Demotion.DRAIN, LifecycleConfig.DEFAULT_DRAIN_LIMIT, null);
    }

    private static void print(Reading spent, PrintWriter out) {
        long probes = spent.passed() + spent.failed();
        out.println("| probes/s | failed | processor time of one probe | of one core |");
        out.println("|---:|---:|---:|---:|");
        out.println(String.format(
                Locale.ROOT,
                "| %.0f | %d | %.1f µs | %.1f %% |",
                probes * 1e9 / spent.wallNanos(),
                spent.failed(),
                probes == 0 ? 0 : spent.cpuNanos() / 1e3 / probes,
                spent.cpuNanos() * 100.0 / spent.wallNanos()));
        out.flush();
    }

    /**
     * How far the probes have come.
     *
     * @param passed probes that passed
     * @param failed those that did not
     * @param cpuNanos processor time of the event loop
     */
    private record Reading(long wallNanos, long passed, long failed, long cpuNanos) {
        static Reading of(LoopLifecycleMonitor monitor) {
            long passed = 0;
            long failed = 0;
            for (LoopLifecycleMonitor.Probed probed : monitor.probed()) {
                passed += probed.reports().get(0).successes();
                failed += probed.reports().get(0).failures();
            }
            return new Reading(Clock.SYSTEM.nanoTime(), passed, failed, cpuOfLoops());
        }

        Reading since(Reading before) {
            return new Reading(
                    wallNanos - before.wallNanos,
                    passed - before.passed,
                    failed - before.failed,
                    cpuNanos - before.cpuNanos);
        }

        private static long cpuOfLoops() {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long sum = 0;
            for (long id : threads.getAllThreadIds()) {
                ThreadInfo thread = threads.getThreadInfo(id);
                if (thread != null && thread.getThreadName().startsWith(LOOP)) {
                    sum += threads.getThreadCpuTime(id);
                }
            }
            return sum;
        }
    }

    /** Hears everything and does nothing. */
    private static final class Silent implements LifecycleObserver {
        @Override
        public void onState(ReplicaState state, String reason) {}

        @Override
        public void onLivenessFailed(String reason) {}
    }
}
