package io.myelin.benchmarks.registry;

import io.myelin.benchmarks.load.Launcher;
import io.myelin.benchmarks.process.MyelinProcess;
import io.myelin.benchmarks.report.Amounts;
import io.myelin.model.Clock;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench registry}: how long a start takes that has to read a large registry first. */
@Command(
        name = "registry",
        mixinStandardHelpOptions = true,
        description =
                "Registers instances of many services in a ZooKeeper of its own, a process beside this one, starts"
                        + " Myelin, and prints how long it took until every pool was read, and at what cost.")
@SuppressWarnings("FieldCanBeFinal") // the command line parser sets them
public final class RegistryCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--services", description = "Default ${DEFAULT-VALUE}.")
    private int services = 1_000;

    @Option(names = "--instances", description = "Of each service; default ${DEFAULT-VALUE}.")
    private int instances = 50;

    @Option(names = "--starts", description = "How often Myelin is started; default ${DEFAULT-VALUE}.")
    private int starts = 3;

    @Option(names = "--myelin", paramLabel = "COMMAND", description = "What starts Myelin; default: bin/myelin.")
    private @Nullable String myelin;

    @Override
    public Integer call() throws InterruptedException, URISyntaxException {
        CommandSpec described = spec == null ? CommandSpec.forAnnotatedObject(this) : spec;
        PrintWriter out = described.commandLine().getOut();
        try (EnsembleProcess ensemble = EnsembleProcess.start(services, instances)) {
            out.println("| start | ready after | processor time | reads of instances | reads of services | resident |");
            out.println("|--:|--:|--:|--:|--:|--:|");
            for (int start = 1; start <= starts; start++) {
                out.println("| " + start + " | " + measure(ensemble.connectString()) + " |");
                out.flush();
            }
            return 0;
        } catch (IOException e) {
            described.commandLine().getErr().println(e.getMessage());
            return 1;
        }
    }

    private String measure(String connectString) throws IOException, InterruptedException, URISyntaxException {
        List<String> command = Launcher.command(myelin);
        try (MyelinProcess myelin = MyelinProcess.start(command, yaml(connectString), services, Clock.SYSTEM)) {
            myelin.awaitReady();
            Duration ready = myelin.age();
            Duration processor = myelin.processorTime();
            long resident = myelin.residentBytes();
            String metrics = myelin.metrics();
            return String.join(
                    " | ",
                    Amounts.seconds(ready),
                    Amounts.seconds(processor),
                    counter(metrics, "myelin_zookeeper_data_reads_total"),
                    counter(metrics, "myelin_zookeeper_child_lists_total"),
                    Amounts.megabytes(resident));
        }
    }

    private String yaml(String connectString) {
        StringBuilder yaml = new StringBuilder();
        for (int service = 0; service < services; service++) {
            yaml.append("  service").append(service);
            yaml.append(": {port: \"127.0.0.1:0\", discovery: {method: zookeeper, hosts: [\"")
                    .append(connectString);
            yaml.append("\"], path: ").append(Ensemble.path(service)).append("}}\n");
        }
        return yaml.toString();
    }

    private static String counter(String metrics, String name) {
        Matcher line = Pattern.compile("(?m)^" + name + " ([\\d.E+]+)$").matcher(metrics);
        return line.find() ? Long.toString((long) Double.parseDouble(line.group(1))) : "not told";
    }
}
