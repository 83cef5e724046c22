package io.myelin.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A server that the operating system provides, in a process of its own on a loopback port. */
public final class ServerProgram implements AutoCloseable {
    private static final int STOP_LIMIT_SECONDS = 10;
    private static final int CONNECT_LIMIT_MILLIS = 1_000;

    private final Process process;
    private final Path log;

    private ServerProgram(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Returns the path of an installed program; the test is skipped without it, naming its package. */
    public static String require(String program, String debianPackage) {
        for (String directory : (System.getenv("PATH") + ":/usr/sbin:/usr/lib/rabbitmq/bin").split(":", -1)) {
            File file = new File(directory, program);
            if (file.canExecute()) {
                return file.getPath();
            }
        }
        return Assumptions.abort(program + " is not installed (Debian's package " + debianPackage + ")");
    }

    /** Starts {@code command}, whose output goes to a file in {@code directory}. */
    public static ServerProgram start(Path directory, Map<String, String> environment, List<String> command) {
        Path log = directory.resolve(Path.of(command.get(0)).getFileName() + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            Process started = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
            return new ServerProgram(started, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a loopback port that nobody listens on. */
    public static int freePort() {
        return FreePorts.one();
    }

    /** Returns this once it takes connections at {@code port}. */
    public ServerProgram awaitPort(int port) {
        Await.until("a server at port " + port, () -> connects(port));
        return this;
    }

    /** Ends the process at once, as a crash does. */
    public void kill() {
        end(process.destroyForcibly());
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        end(process);
    }

    private static void end(Process ending) {
        try {
            if (!ending.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                ending.descendants().forEach(ProcessHandle::destroyForcibly);
                ending.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean connects(int port) {
        if (!process.isAlive()) {
            throw new AssertionError("ended by itself:\n" + output());
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_LIMIT_MILLIS);
            return true;
        } catch (IOException ignored) {
            // It does not listen yet.
            return false;
        }
    }

    private String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
