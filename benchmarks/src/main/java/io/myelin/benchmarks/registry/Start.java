package io.myelin.benchmarks.registry;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One start of Myelin, as a child process with a file of its own. */
final class Start implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final long PAUSE_MILLIS = 20;
    private static final int STOP_SECONDS = 10;
    private static final String ADMIN = "admin ";
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");

    private final Process process;
    private final Path directory;
    private final Clock clock;
    private final long startNanos;
    private final URI admin;

    private Start(Process process, Path directory, Clock clock, long startNanos, URI admin) {
        this.process = process;
        this.directory = directory;
        this.clock = clock;
        this.startNanos = startNanos;
        this.admin = admin;
    }

    /**
     * Starts {@code command run} with the file {@code yaml} and returns once operators are answered.
     *
     * @throws IOException if they never are; the message holds what the process printed
     */
    static Start of(List<String> command, String yaml, Clock clock) throws IOException {
        Path directory = Files.createTempDirectory("myelin-registry");
        Path log = directory.resolve("log");
        Path config = Files.writeString(directory.resolve("myelin.yaml"), yaml);
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of("run", "-c", config.toString()));
        long startNanos = clock.nanoTime();
        Process process = new ProcessBuilder(line).redirectError(log.toFile()).start();
        BufferedReader out = process.inputReader();
        String first = out.readLine();
        if (first == null || !first.startsWith(ADMIN)) {
            process.destroyForcibly();
            throw new IOException("Myelin did not start; it printed:\n" + Files.readString(log));
        }
        // A process whose output nobody reads stands still sooner or later.
        Thread reader = new Thread(() -> out.lines().forEach(told -> {}), "output-of-myelin");
        reader.setDaemon(true);
        reader.start();
        return new Start(process, directory, clock, startNanos, URI.create(first.substring(ADMIN.length())));
    }

    /** Returns how long it took until the process said that it is ready, which it is asked again and again. */
    Duration awaitReady() throws IOException, InterruptedException {
        while (!ready()) {
            if (age().compareTo(LIMIT) > 0) {
                throw new IOException("not ready within " + LIMIT.toSeconds() + " s: " + admin);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        return age();
    }

    /** Returns the processor time that it has used so far. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Returns what the kernel has given to it, in bytes. */
    long residentBytes() throws IOException {
        Matcher line = RESIDENT.matcher(Files.readString(Path.of("/proc", Long.toString(process.pid()), "status")));
        if (!line.find()) {
            throw new IOException("no resident size to be read (expected: Linux)");
        }
        return 1_024 * Long.parseLong(line.group(1));
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
        Files.deleteIfExists(directory.resolve("myelin.yaml"));
        Files.deleteIfExists(directory.resolve("log"));
        Files.deleteIfExists(directory);
    }

    private Duration age() {
        return Duration.ofNanos(clock.nanoTime() - startNanos);
    }

    private boolean ready() throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) admin.resolve("/ready").toURL().openConnection();
        return connection.getResponseCode() == 200;
    }
}
