package io.myelin.benchmarks.load;

import io.myelin.benchmarks.load.Workload.Service;
import io.myelin.model.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Myelin of its own, as a child process that proxies the services of an {@link Origin}. */
final class MyelinProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 50;
    private static final int STOP_SECONDS = 5;

    private final Process process;
    private final Path directory;
    private final Map<Service, InetSocketAddress> listeners;
    private final Thread hook;

    private MyelinProcess(Process process, Path directory, Map<Service, InetSocketAddress> listeners) {
        this.process = process;
        this.directory = directory;
        this.listeners = listeners;
        this.hook = new Thread(process::destroyForcibly, "stop-myelin");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts {@code command run -c FILE} and returns once every service listens.
     *
     * @throws IOException if it does not come up; the message holds what it printed
     */
    static MyelinProcess start(List<String> command, Map<Service, Integer> originPorts, Clock clock)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("myelin-bench");
        Map<Service, InetSocketAddress> listeners = new EnumMap<>(Service.class);
        for (Service service : originPorts.keySet()) {
            listeners.put(service, freeAddress());
        }
        Path config = Files.writeString(directory.resolve("myelin.yaml"), yaml(listeners, originPorts));
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of("run", "-c", config.toString()));
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        MyelinProcess myelin = new MyelinProcess(process, directory, listeners);
        if (!myelin.awaitListeners(clock)) {
            String printed = Files.readString(directory.resolve("log"));
            myelin.close();
            throw new IOException(String.join(" ", line) + " did not listen. It printed:\n" + printed);
        }
        return myelin;
    }

    InetSocketAddress address(Service service) {
        return listeners.getOrDefault(service, new InetSocketAddress(0));
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(hook);
        Files.deleteIfExists(directory.resolve("myelin.yaml"));
        Files.deleteIfExists(directory.resolve("log"));
        Files.deleteIfExists(directory);
    }

    private static String yaml(Map<Service, InetSocketAddress> listeners, Map<Service, Integer> originPorts)
            throws IOException {
        StringBuilder yaml = new StringBuilder("admin: {address: \"" + text(freeAddress()) + "\"}\nservices:\n");
        listeners.forEach((service, address) -> yaml.append(String.format(
                Locale.ROOT,
                "  %s: {port: \"%s\", protocol: %s, servers: [\"127.0.0.1:%d\"]}%n",
                service.name().toLowerCase(Locale.ROOT),
                text(address),
                service.protocol(),
                originPorts.get(service))));
        return yaml.toString();
    }

    private boolean awaitListeners(Clock clock) throws InterruptedException {
        long deadlineNanos = clock.nanoTime() + START_LIMIT.toNanos();
        while (!listeners.values().stream().allMatch(MyelinProcess::accepts)) {
            if (!process.isAlive() || clock.nanoTime() > deadlineNanos) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return true;
    }

    private static boolean accepts(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, 1_000);
            return true;
        } catch (IOException ignored) {
            return false; // it is not up yet, which is what was asked
        }
    }

    private static InetSocketAddress freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
    }

    private static String text(InetSocketAddress address) {
        return "127.0.0.1:" + address.getPort();
    }
}
