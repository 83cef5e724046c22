package io.myelin.benchmarks.footprint;

import io.myelin.benchmarks.load.Launcher;
import io.myelin.benchmarks.load.Origin;
import io.myelin.benchmarks.process.MyelinProcess;
import io.myelin.benchmarks.report.Amounts;
import io.myelin.model.Clock;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench footprint}: how long a start takes, and how much memory what is started. */
@Command(
        name = "footprint",
        mixinStandardHelpOptions = true,
        description =
                "Starts Myelin on loopback ports with one service, with many that clients keep connections to, and"
                        + " with very many, and prints how long each start took and what memory it holds.")
@SuppressWarnings("FieldCanBeFinal") // the command line parser sets them
public final class FootprintCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--starts", description = "Starts to take the quickest of; default ${DEFAULT-VALUE}.")
    private int starts = 5;

    @Option(names = "--services", description = "Services with connections; default ${DEFAULT-VALUE}.")
    private int services = 500;

    @Option(names = "--connections", description = "Idle client connections; default ${DEFAULT-VALUE}.")
    private int connections = 5_000;

    @Option(names = "--many", description = "Services without connections; default ${DEFAULT-VALUE}.")
    private int many = 2_000;

    @Option(names = "--myelin", paramLabel = "COMMAND", description = "What starts Myelin; default: bin/myelin.")
    private @Nullable String myelin;

    @Override
    public Integer call() throws InterruptedException, URISyntaxException {
        CommandSpec described = spec == null ? CommandSpec.forAnnotatedObject(this) : spec;
        PrintWriter out = described.commandLine().getOut();
        try (Origin origin = new Origin(1)) {
            List<String> command = Launcher.command(myelin);
            int port = origin.serveHttp(0);
            row(out, "what", "measured");
            row(out, "---", "--:");
            start(command, port, out);
            idle(command, port, out);
            scale(command, port, out);
            return 0;
        } catch (IOException e) {
            described.commandLine().getErr().println(e.getMessage());
            return 1;
        }
    }

    private void start(List<String> command, int origin, PrintWriter out) throws IOException, InterruptedException {
        Duration least = Duration.ofDays(1);
        for (int start = 0; start < starts; start++) {
            try (MyelinProcess subject = subject(command, 1, origin)) {
                IdleClients.open(subject.ports(), 1).close();
                Duration taken = subject.age();
                least = taken.compareTo(least) < 0 ? taken : least;
            }
        }
        row(out, "start to first response, one service, quickest of " + starts, Amounts.seconds(least));
    }

    private void idle(List<String> command, int origin, PrintWriter out) throws IOException, InterruptedException {
        try (MyelinProcess subject = subject(command, services, origin)) {
            subject.awaitReady();
            row(out, "start to ready, " + services + " services", Amounts.seconds(subject.age()));
            // What the first requests of a service make stays when they are over, and is not the connections'.
            IdleClients.open(subject.ports(), connections).close();
            subject.awaitNoConnection();
            Reading before = Reading.of(subject);
            try (IdleClients clients = IdleClients.open(subject.ports(), connections)) {
                Reading after = Reading.of(subject);
                row(
                        out,
                        "with " + clients.count() + " idle client connections: resident",
                        Amounts.megabytes(after.resident()));
                row(out, "live heap", Amounts.megabytes(after.liveHeap()));
                row(out, "direct memory", Amounts.megabytes(after.direct()));
                row(out, "heap and direct memory per connection", after.perConnection(before, clients.count()) + " B");
            }
        }
    }

    private void scale(List<String> command, int origin, PrintWriter out) throws IOException, InterruptedException {
        try (MyelinProcess subject = subject(command, many, origin)) {
            subject.awaitReady();
            row(out, "start to ready, " + many + " services", Amounts.seconds(subject.age()));
            IdleClients.open(subject.ports(), many).close();
            row(
                    out,
                    "after a request to each: resident",
                    Amounts.megabytes(Reading.of(subject).resident()));
        }
    }

    /** Starts one whose services have a port each and the same member. */
    private static MyelinProcess subject(List<String> command, int services, int memberPort)
            throws IOException, InterruptedException {
        StringBuilder yaml = new StringBuilder();
        for (int service = 0; service < services; service++) {
            yaml.append("  service").append(service);
            yaml.append(": {port: \"127.0.0.1:0\", servers: [\"127.0.0.1:").append(memberPort);
            yaml.append("\"]}\n");
        }
        return MyelinProcess.start(command, yaml.toString(), services, Clock.SYSTEM);
    }

    private static void row(PrintWriter out, String what, String measured) {
        out.println("| " + what + " | " + measured + " |");
        out.flush();
    }
}
