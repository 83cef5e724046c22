package io.myelin.discovery.testing;

import io.myelin.testing.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The name server dnsmasq, as Debian's package dnsmasq-base installs it, on a loopback port. */
public final class Dnsmasq implements AutoCloseable {
    private static final List<Path> PLACES = List.of(
            Path.of("/usr/sbin/dnsmasq"), Path.of("/usr/local/sbin/dnsmasq"), Path.of("/opt/homebrew/sbin/dnsmasq"));

    private final Process process;
    private final Path hosts;
    private final Path log;
    private final int port;

    private Dnsmasq(Process process, Path hosts, Path log, int port) {
        this.process = process;
        this.hosts = hosts;
        this.log = log;
        this.port = port;
    }

    /** Starts a server without any host; the test is skipped if there is no dnsmasq here. */
    public static Dnsmasq start(Path directory, String... options) throws IOException {
        Path program = PLACES.stream().filter(Files::isExecutable).findFirst().orElse(null);
        Assumptions.assumeTrue(program != null, "dnsmasq is not installed: skipped (Debian package: dnsmasq-base)");
        Path hosts = Files.writeString(directory.resolve("hosts"), "");
        int port = FreePorts.one();
        List<String> command = new ArrayList<>(List.of(
                String.valueOf(program),
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--pid-file=",
                "--log-facility=-",
                "--no-resolv",
                "--no-hosts",
                "--bind-interfaces",
                "--listen-address=127.0.0.1",
                "--local=/test/",
                "--user=" + System.getProperty("user.name"),
                "--addn-hosts=" + hosts,
                "--port=" + port));
        command.addAll(List.of(options));
        Path log = directory.resolve("dnsmasq.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Dnsmasq dnsmasq = new Dnsmasq(process, hosts, log, port);
        // A signal that comes earlier ends it, or is lost.
        Eventually.holds("dnsmasq has read its hosts", () -> dnsmasq.readings() > 0);
        return dnsmasq;
    }

    public int port() {
        return port;
    }

    /** Replaces all hosts; lines are as in {@code /etc/hosts}. */
    public void hosts(String... lines) throws IOException {
        long before = readings();
        Files.write(hosts, List.of(lines));
        signal("-HUP");
        Eventually.holds("dnsmasq has read its hosts again", () -> readings() > before);
    }

    /** Returns how often it has read its hosts, by its log. */
    private long readings() {
        try {
            return Files.readAllLines(log).stream()
                    .filter(line -> line.contains("read " + hosts))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** Ends the server; idempotent. */
    public void stop() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void signal(String signal) throws IOException {
        try {
            new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
