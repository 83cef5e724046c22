package io.myelin.benchmarks.footprint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.model.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The Myelin that is measured: a child process whose services have a port each and the same member. */
final class Subject implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 5;
    /** Metrics of hundreds of services are megabytes, so they are not asked for often. */
    private static final long SETTLE_MILLIS = 500;

    private static final int STOP_SECONDS = 10;

    private final Process process;
    private final Path directory;
    private final Thread hook;
    private final Clock clock;
    private final long startNanos;
    private final List<Integer> ports = new ArrayList<>();
    private URI admin = URI.create("http://127.0.0.1");

    private Subject(Process process, Path directory, Clock clock, long startNanos) {
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
     * @throws IOException if one does not; the message holds what the process printed
     */
    static Subject start(List<String> command, int services, int memberPort, Clock clock) throws IOException {
        Path directory = Files.createTempDirectory("myelin-footprint");
        Path config = Files.writeString(directory.resolve("myelin.yaml"), yaml(services, memberPort));
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of("run", "-c", config.toString()));
        long startNanos = clock.nanoTime();
        Process process = new ProcessBuilder(line)
                .redirectError(directory.resolve("log").toFile())
                .start();
        Subject subject = new Subject(process, directory, clock, startNanos);
        try {
            subject.readAddresses(services);
            return subject;
        } catch (IOException e) {
            subject.close();
            throw e;
        }
    }

    /** Returns the ports of the services. */
    List<Integer> ports() {
        return List.copyOf(ports);
    }

    long pid() {
        return process.pid();
    }

    /** Returns how long ago the process was started. */
    Duration age() {
        return Duration.ofNanos(clock.nanoTime() - startNanos);
    }

    /** Returns once the process says that it is ready. */
    void awaitReady() throws IOException, InterruptedException {
        while (!ready()) {
            if (age().compareTo(START_LIMIT) > 0) {
                throw new IOException("not ready within " + START_LIMIT.toSeconds() + " s: " + admin);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Returns once it has noticed that all its clients are gone. */
    void awaitNoConnection() throws IOException, InterruptedException {
        do {
            TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
        } while (metrics().lines().anyMatch(Subject::countsConnections));
    }

    private static boolean countsConnections(String metric) {
        return metric.startsWith("myelin_listener_open_connections{") && !metric.endsWith(" 0.0");
    }

    /** Returns its metrics as text. */
    String metrics() throws IOException {
        try (var in = admin.resolve("/metrics").toURL().openStream()) {
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

    private boolean ready() throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) admin.resolve("/ready").toURL().openConnection();
        return connection.getResponseCode() == 200;
    }

    private void readAddresses(int services) throws IOException {
        BufferedReader out = process.inputReader();
        while (ports.size() < services) {
            String line = out.readLine();
            if (line == null) {
                throw new IOException(
                        "Myelin ended before it listened; it printed:\n" + Files.readString(directory.resolve("log")));
            }
            if (line.startsWith("admin ")) {
                admin = URI.create(line.substring("admin ".length()));
            } else if (line.startsWith("listening ")) {
                ports.add(Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
            }
        }
    }

    private static String yaml(int services, int memberPort) {
        StringBuilder yaml = new StringBuilder("admin: {address: \"127.0.0.1:0\"}\nservices:\n");
        for (int service = 0; service < services; service++) {
            yaml.append("  service").append(service);
            yaml.append(": {port: \"127.0.0.1:0\", servers: [\"127.0.0.1:").append(memberPort);
            yaml.append("\"]}\n");
        }
        return yaml.toString();
    }
}
