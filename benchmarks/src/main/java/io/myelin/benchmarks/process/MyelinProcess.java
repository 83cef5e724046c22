package io.myelin.benchmarks.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.model.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Myelin of its own, as a child process that serves what a text in YAML says. */
public final class MyelinProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration QUIET_LIMIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(5);
    /** Metrics of hundreds of services are megabytes, so they are not asked for often. */
    private static final Duration PAUSE_OF_METRICS = Duration.ofMillis(500);

    private static final int STOP_SECONDS = 10;
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");

    private final Process process;
    private final Path directory;
    private final Clock clock;
    private final long startNanos;
    private final Thread hook;
    private final CompletableFuture<Addresses> addresses = new CompletableFuture<>();

    /**
     * What it says of itself at its start.
     *
     * @param ports where its services listen, by name, in the order in which it told them
     */
    private record Addresses(URI admin, Map<String, Integer> ports) {}

    private MyelinProcess(Process process, Path directory, Clock clock, long startNanos) {
        this.process = process;
        this.directory = directory;
        this.clock = clock;
        this.startNanos = startNanos;
        this.hook = new Thread(process::destroyForcibly, "stop-myelin");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts {@code command run -c FILE} and returns once every service listens.
     *
     * @param services the lines below {@code services:}
     * @param count how many addresses they have to listen at
     * @throws IOException if it does not come up; the message holds what it printed
     */
    public static MyelinProcess start(List<String> command, String services, int count, Clock clock)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("myelin-bench");
        Path config = Files.writeString(
                directory.resolve("myelin.yaml"), "admin: {address: \"127.0.0.1:0\"}\nservices:\n" + services);
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of("run", "-c", config.toString()));
        long startNanos = clock.nanoTime();
        Process process = new ProcessBuilder(line)
                .redirectError(directory.resolve("log").toFile())
                .start();
        MyelinProcess myelin = new MyelinProcess(process, directory, clock, startNanos);
        try {
            myelin.awaitAddresses(count);
            return myelin;
        } catch (IOException e) {
            myelin.close();
            throw e;
        }
    }

    /** Returns the ports of all services, in the order in which they were configured. */
    public List<Integer> ports() {
        return List.copyOf(addresses.join().ports().values());
    }

    /** Returns where a service listens. */
    public InetSocketAddress address(String service) {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), addresses.join().ports().getOrDefault(service, 0));
    }

    public long pid() {
        return process.pid();
    }

    /** Returns how long ago the process was started. */
    public Duration age() {
        return Duration.ofNanos(clock.nanoTime() - startNanos);
    }

    /** Returns once the process says that it is ready. */
    public void awaitReady() throws IOException, InterruptedException {
        if (!Waiting.until(this::ready, START_LIMIT, PAUSE, clock)) {
            throw new IOException("not ready within " + START_LIMIT.toSeconds() + " s: "
                    + addresses.join().admin());
        }
    }

    /** Returns once it has noticed that all its clients are gone. */
    public void awaitNoConnection() throws IOException, InterruptedException {
        if (!Waiting.until(this::withoutConnections, QUIET_LIMIT, PAUSE_OF_METRICS, clock)) {
            throw new IOException("clients that are gone are still counted after " + QUIET_LIMIT.toSeconds() + " s");
        }
    }

    /** Returns the processor time that it has used so far. */
    public Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Returns what the kernel has given to it, in bytes. */
    public long residentBytes() throws IOException {
        Matcher line = RESIDENT.matcher(Files.readString(Path.of("/proc", Long.toString(pid()), "status")));
        if (!line.find()) {
            throw new IOException("no resident size to be read (expected: Linux)");
        }
        return 1_024 * Long.parseLong(line.group(1));
    }

    /** Returns its metrics as text. */
    public String metrics() throws IOException {
        try (var in = resource("/metrics").toURL().openStream()) {
            return new String(in.readAllBytes(), UTF_8);
        }
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

    private void awaitAddresses(int count) throws IOException, InterruptedException {
        Thread reader = new Thread(() -> readOutput(count), "output-of-myelin");
        reader.setDaemon(true);
        reader.start();
        try {
            addresses.get(START_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(
                    "Myelin did not listen at " + count + " addresses. It printed:\n"
                            + Files.readString(directory.resolve("log")),
                    e);
        }
    }

    /** Reads to the end, because a process whose output nobody reads stands still sooner or later. */
    private void readOutput(int count) {
        try (BufferedReader out = process.inputReader()) {
            addresses.complete(readAddresses(out, count));
            while (out.readLine() != null) {
                // It has said what counts.
            }
        } catch (IOException e) {
            addresses.completeExceptionally(e);
        }
    }

    private static Addresses readAddresses(BufferedReader out, int count) throws IOException {
        URI admin = URI.create("");
        Map<String, Integer> ports = new LinkedHashMap<>();
        while (ports.size() < count) {
            String line = out.readLine();
            if (line == null) {
                throw new IOException("its output ended after " + ports.size() + " addresses");
            }
            if (line.startsWith("admin ")) {
                admin = URI.create(line.substring("admin ".length()));
            } else if (line.startsWith("listening ")) {
                ports.put(line.split(" ", 3)[1], Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
            }
        }
        return new Addresses(admin, ports);
    }

    private boolean ready() throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) resource("/ready").toURL().openConnection();
        return connection.getResponseCode() == 200;
    }

    private boolean withoutConnections() throws IOException {
        return metrics()
                .lines()
                .noneMatch(
                        metric -> metric.startsWith("myelin_listener_open_connections{") && !metric.endsWith(" 0.0"));
    }

    private URI resource(String path) {
        return addresses.join().admin().resolve(path);
    }
}
