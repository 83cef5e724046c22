package io.myelin.benchmarks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.myelin.benchmarks.conformance.ConformanceCommand;
import io.myelin.benchmarks.footprint.FootprintCommand;
import io.myelin.benchmarks.load.Launcher;
import io.myelin.benchmarks.load.LoadCommand;
import io.myelin.benchmarks.load.OriginCommand;
import io.myelin.benchmarks.load.SideBySide;
import io.myelin.benchmarks.load.Workload;
import io.myelin.benchmarks.probes.ProbesCommand;
import io.myelin.benchmarks.registry.RegistryCommand;
import io.myelin.benchmarks.report.ReportCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench}: what the proxy costs, end to end on this machine. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Starts an origin and Myelin on loopback ports, offers load directly and through Myelin, and prints"
                    + " throughput, processor time per request and latency. At half rate the loop is open: requests are"
                    + " sent at fixed moments, and latency counts from those."
        },
        subcommands = {
            ConformanceCommand.class,
            FootprintCommand.class,
            LoadCommand.class,
            OriginCommand.class,
            ProbesCommand.class,
            RegistryCommand.class,
            ReportCommand.class
        })
@SuppressWarnings("FieldCanBeFinal") // the command line parser sets them
public final class Bench implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--workload",
            split = ",",
            description = "Some of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private List<Workload> workloads = List.of(Workload.SMALL, Workload.BODY64K, Workload.TCP, Workload.TCP1M);

    @Option(names = "--connections", description = "Instead of each workload's own number.")
    private int connections;

    @Option(names = "--warm-up", paramLabel = "SECONDS", description = "Not counted; default ${DEFAULT-VALUE}.")
    private int warmUpSeconds = 5;

    @Option(names = "--duration", paramLabel = "SECONDS", description = "Counted; default ${DEFAULT-VALUE}.")
    private int durationSeconds = 5;

    @Option(names = "--myelin", paramLabel = "COMMAND", description = "What starts Myelin; default: bin/myelin.")
    private @Nullable String myelin;

    private Bench() {}

    public static void main(String[] args) {
        for (String quiet : List.of(org.slf4j.Logger.ROOT_LOGGER_NAME, "io.myelin")) {
            ((Logger) LoggerFactory.getLogger(quiet)).setLevel(Level.WARN);
        }
        System.exit(new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws InterruptedException, URISyntaxException {
        CommandLine line = spec == null ? new CommandLine(this) : spec.commandLine();
        PrintWriter out = line.getOut();
        try {
            new SideBySide(
                            Launcher.command(myelin),
                            connections,
                            Duration.ofSeconds(warmUpSeconds),
                            Duration.ofSeconds(durationSeconds))
                    .run(workloads, out);
            return 0;
        } catch (IOException e) {
            line.getErr().println(e.getMessage());
            return 1;
        }
    }
}
