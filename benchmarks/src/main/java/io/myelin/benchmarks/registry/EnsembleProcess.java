package io.myelin.benchmarks.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The process that an {@link Ensemble} is, so that what it takes is not taken from the Myelin that is measured. */
final class EnsembleProcess implements AutoCloseable {
    private static final int STOP_SECONDS = 10;

    private final Process process;
    private final Path log;
    private final String connectString;

    private EnsembleProcess(Process process, Path log, String connectString) {
        this.process = process;
        this.log = log;
        this.connectString = connectString;
    }

    /**
     * Returns once everything is registered.
     *
     * @throws IOException if that fails; the message holds what the process printed
     */
    static EnsembleProcess start(int services, int instances) throws IOException {
        Path log = Files.createTempFile("myelin-ensemble", ".log");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home", ""), "bin", "java")
                                .toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path", ""),
                        Ensemble.class.getName(),
                        Integer.toString(services),
                        Integer.toString(instances)))
                .redirectError(log.toFile())
                .start();
        // One line is all that it prints; it ends with the pipe to its input.
        Optional<String> line = process.inputReader().lines().findFirst();
        if (line.isEmpty()) {
            process.destroyForcibly();
            String printed = Files.readString(log);
            Files.delete(log);
            throw new IOException("ZooKeeper ended before it was filled; it printed:\n" + printed);
        }
        return new EnsembleProcess(process, log, line.get());
    }

    String connectString() {
        return connectString;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(log);
    }
}
