package io.myelin.discovery.testing;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.testing.FreePorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real ZooKeeper server in a process of its own, whose port and data survive a stop.
 *
 * <p>Its methods block for a bounded time, and only one thread may call them.
 */
@OwnedBy(Owner.BUILDER)
public final class ZooKeeperProcess implements AutoCloseable {
    private static final int STOP_LIMIT_SECONDS = 10;
    private static final int ANSWER_LIMIT_MILLIS = 1_000;

    private final int port;
    private final String settings;
    private final Path directory;
    private @Nullable Process process;

    /** Creates a server that is not started yet and has a port of its own already. */
    public ZooKeeperProcess() {
        this("");
    }

    /** Creates a server with {@code settings}, lines of its configuration, on top. */
    public ZooKeeperProcess(String settings) {
        this.settings = settings;
        this.port = FreePorts.one();
        try {
            directory = Files.createTempDirectory("myelin-zookeeper-process");
            Files.writeString(directory.resolve("zoo.cfg"), configuration());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String connectString() {
        return "127.0.0.1:" + port;
    }

    /** Starts the server with the data it had and returns when it answers. */
    public void start() {
        if (process != null) {
            throw new IllegalStateException("process: running (expected: stopped)");
        }
        try {
            Process started = new ProcessBuilder(command())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
            process = started;
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
            Eventually.holds("ZooKeeper answers at " + connectString(), () -> answers(started));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks the server to end, as an operator does. */
    public void stop() {
        end(Process::destroy);
    }

    /** Ends the server at once, as a crash does. */
    public void kill() {
        end(Process::destroyForcibly);
    }

    /** Kills the server and starts it again with the data it had. */
    public void restart() {
        kill();
        start();
    }

    /** Kills the server and deletes its data. */
    @Override
    public void close() {
        kill();
        try (Stream<Path> tree = Files.walk(directory)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end(Consumer<Process> way) {
        Process running = process;
        process = null;
        if (running == null) {
            return;
        }
        way.accept(running);
        try {
            if (!running.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                running.destroyForcibly();
                throw new AssertionError("ZooKeeper did not end within " + STOP_LIMIT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path", ""),
                "org.apache.zookeeper.server.ZooKeeperServerMain",
                directory.resolve("zoo.cfg").toString());
    }

    private String configuration() {
        return """
                dataDir=%s
                clientPort=%d
                clientPortAddress=127.0.0.1
                tickTime=250
                minSessionTimeout=1000
                maxSessionTimeout=60000
                maxClientCnxns=0
                admin.enableServer=false
                forceSync=no
                4lw.commands.whitelist=srvr
                %s
                """.formatted(directory.resolve("data"), port, settings);
    }

    private boolean answers(Process started) {
        if (!started.isAlive()) {
            throw new AssertionError("ZooKeeper ended by itself:\n" + output());
        }
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(ANSWER_LIMIT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_LIMIT_MILLIS);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            InputStream answer = socket.getInputStream();
            return new String(answer.readAllBytes(), StandardCharsets.US_ASCII).contains("Mode: ");
        } catch (IOException ignored) {
            // It does not listen yet.
            return false;
        }
    }

    private String output() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Path log() {
        return directory.resolve("server.log");
    }
}
