package io.myelin.benchmarks.load;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench origin}: runs the servers at the far end of a benchmark until it is stopped. */
@Command(
        name = "origin",
        mixinStandardHelpOptions = true,
        description = "Serves HTTP, TCP echo and TCP bulk on loopback ports until stopped.")
@SuppressWarnings("FieldCanBeFinal") // the command line parser sets them
public final class OriginCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--http", paramLabel = "PORT", description = "Serves /small, /64k and /1m over HTTP/1.1.")
    private int httpPort;

    @Option(names = "--echo", paramLabel = "PORT", description = "Sends back whatever comes.")
    private int echoPort;

    @Option(names = "--bulk", paramLabel = "PORT", description = "Sends a mebibyte for every byte that comes.")
    private int bulkPort;

    @Option(names = "--threads", description = "Event loops; default ${DEFAULT-VALUE}.")
    private int threads = 1;

    @Override
    public Integer call() throws InterruptedException {
        try (Origin origin = new Origin(threads)) {
            String ports = "http " + origin.serveHttp(httpPort) + ", echo " + origin.serveEcho(echoPort) + ", bulk "
                    + origin.serveBulk(bulkPort);
            if (spec != null) {
                spec.commandLine().getOut().println("Listening on loopback: " + ports);
                spec.commandLine().getOut().flush();
            }
            new CountDownLatch(1).await();
        }
        return 0;
    }
}
