package io.myelin.benchmarks.load;

import io.myelin.model.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench load}: offers a load to a server that already runs. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = "Offers a load to HOST:PORT and prints what it measured.")
@SuppressWarnings("FieldCanBeFinal") // the command line parser sets them
public final class LoadCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "HOST:PORT", description = "Who is asked.")
    private String address = "";

    @ArgGroup
    private Speech speech = new Speech();

    @Option(names = "--body", paramLabel = "BYTES", description = "POST a body of this size (HTTP).")
    private int bodyBytes;

    @Option(names = "--browser-fields", description = "Send about 700 bytes of header fields (HTTP).")
    private boolean browserFields;

    @Option(names = "--connections", description = "Connections at a time; default ${DEFAULT-VALUE}.")
    private int connections = 64;

    @Option(names = "--reconnect", description = "Use a new connection for every request.")
    private boolean reconnect;

    @Option(
            names = "--rate",
            paramLabel = "PER_SECOND",
            description = "Open loop: send at this rate whatever the replies do. Default: closed loop.")
    private double rate;

    @Option(names = "--warm-up", paramLabel = "SECONDS", description = "Not counted; default ${DEFAULT-VALUE}.")
    private int warmUpSeconds = 1;

    @Option(names = "--duration", paramLabel = "SECONDS", description = "Counted; default ${DEFAULT-VALUE}.")
    private int durationSeconds = 10;

    @Option(names = "--threads", description = "Event loops of the generator; default ${DEFAULT-VALUE}.")
    private int threads = 1;

    @Option(
            names = "--pid",
            split = ",",
            description = "Processes whose processor time is given per request, children included.")
    private List<Long> pids = List.of();

    @Option(names = "--tsv", description = "Print one line for programs: " + LoadResult.TSV_HEADER)
    private boolean tsv;

    /** What is said; one of several. */
    private static final class Speech {
        @Option(names = "--http", paramLabel = "PATH", description = "HTTP/1.1 requests for PATH.")
        private @Nullable String path;

        @Option(names = "--echo", paramLabel = "BYTES", description = "TCP: send BYTES and wait for as many.")
        private int echoBytes;

        @Option(names = "--bulk", description = "TCP: ask the bulk origin for a mebibyte.")
        private boolean bulk;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        LoadPlan plan = new LoadPlan(
                socketAddress(),
                dialogue(),
                rate > 0 ? Pacing.open(rate, connections) : Pacing.CLOSED,
                connections,
                reconnect,
                Duration.ofSeconds(warmUpSeconds),
                Duration.ofSeconds(durationSeconds));
        try (LoadGenerator generator = new LoadGenerator(Clock.SYSTEM, threads)) {
            LoadResult result = generator.run(plan, pids);
            if (spec != null) {
                spec.commandLine().getOut().println(tsv ? result.toTsv() : result);
            }
            return result.requests() > 0 ? 0 : 1;
        }
    }

    private Dialogue dialogue() {
        if (speech.bulk) {
            return Dialogue.tcp(1, BulkHandler.REPLY_BYTES);
        }
        if (speech.echoBytes > 0) {
            return Dialogue.tcp(speech.echoBytes, speech.echoBytes);
        }
        String path = speech.path;
        return Dialogue.http(path == null ? "/small" : path, bodyBytes, browserFields, reconnect);
    }

    private InetSocketAddress socketAddress() {
        int colon = address.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("address: " + address + " (expected: HOST:PORT)");
        }
        return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }
}
