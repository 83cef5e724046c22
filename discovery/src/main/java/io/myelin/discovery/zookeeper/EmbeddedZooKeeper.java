package io.myelin.discovery.zookeeper;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.zookeeper.server.embedded.ExitHandler;
import org.apache.zookeeper.server.embedded.ZooKeeperServerEmbedded;
import org.jspecify.annotations.Nullable;

/**
 * A real ZooKeeper server inside this process, on a free loopback port, for demonstrations and tests.
 *
 * <p>Its data live in a temporary directory that goes with it. Its methods block, and only one thread may call them.
 */
@OwnedBy(Owner.BUILDER)
public final class EmbeddedZooKeeper implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final int TICK_MILLIS = 500;
    /*
     * Ports below those that systems give away by themselves: between the choice of one and the start of the server
     * no other socket gets it, whatever starts on the host meanwhile.
     */
    private static final int LOWEST_PORT = 10_000;
    private static final int HIGHEST_PORT = 32_000;
    private static final int MOST_TRIES = 1_000;

    private final int port;
    private @Nullable Path directory;
    private @Nullable ZooKeeperServerEmbedded server;

    /** Creates a server that is not started yet and has a port of its own already. */
    public EmbeddedZooKeeper() {
        this.port = freePort();
    }

    /** Starts the server and returns when it answers. */
    public void start() {
        try {
            directory = Files.createTempDirectory("myelin-zookeeper");
            server = ZooKeeperServerEmbedded.builder()
                    .baseDir(directory)
                    .configuration(configuration())
                    .exitHandler(ExitHandler.LOG_ONLY)
                    .build();
            server.start(START_LIMIT.toMillis());
        } catch (Exception e) {
            close();
            throw new IllegalStateException("The embedded ZooKeeper did not start at " + connectString(), e);
        }
    }

    /** Returns what a client connects to. */
    public String connectString() {
        return "127.0.0.1:" + port;
    }

    /** Stops the server and deletes its data; idempotent. */
    @Override
    public void close() {
        if (server != null) {
            server.close();
            server = null;
        }
        if (directory != null) {
            delete(directory);
            directory = null;
        }
    }

    private Properties configuration() {
        Properties properties = new Properties();
        properties.setProperty("clientPort", Integer.toString(port));
        properties.setProperty("clientPortAddress", "127.0.0.1");
        properties.setProperty("tickTime", Integer.toString(TICK_MILLIS));
        properties.setProperty("minSessionTimeout", Integer.toString(2 * TICK_MILLIS));
        properties.setProperty("maxSessionTimeout", "60000");
        properties.setProperty("maxClientCnxns", "0");
        properties.setProperty("admin.enableServer", "false");
        // The data do not outlive the process, so nothing is gained by waiting for the disk.
        properties.setProperty("forceSync", "no");
        return properties;
    }

    private static int freePort() {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            int wanted = LOWEST_PORT + RandomSource.SYSTEM.below(HIGHEST_PORT - LOWEST_PORT);
            try (ServerSocket socket = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException ignored) {
                // It is taken, and there are many others.
            } catch (IOException e) {
                throw new UncheckedIOException("no free port on the loopback address", e);
            }
        }
        throw new IllegalStateException("no free port on the loopback address in " + MOST_TRIES + " tries");
    }

    private static void delete(Path root) {
        try (Stream<Path> tree = Files.walk(root)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("data of the embedded ZooKeeper not deleted: " + root, e);
        }
    }
}
