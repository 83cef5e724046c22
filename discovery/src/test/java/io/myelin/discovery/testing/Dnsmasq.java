package io.myelin.discovery.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
    private final int port;

    private Dnsmasq(Process process, Path hosts, int port) {
        this.process = process;
        this.hosts = hosts;
        this.port = port;
    }

    /** Starts a server without any host; the test is skipped if there is no dnsmasq here. */
    public static Dnsmasq start(Path directory, String... options) throws IOException {
        Path program = PLACES.stream().filter(Files::isExecutable).findFirst().orElse(null);
        Assumptions.assumeTrue(program != null, "dnsmasq is not installed: skipped (Debian package: dnsmasq-base)");
        Path hosts = Files.writeString(directory.resolve("hosts"), "");
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                String.valueOf(program),
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--pid-file=",
                "--no-resolv",
                "--no-hosts",
                "--bind-interfaces",
                "--listen-address=127.0.0.1",
                "--local=/test/",
                "--user=" + System.getProperty("user.name"),
                "--addn-hosts=" + hosts,
                "--port=" + port));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("dnsmasq.log").toFile())
                .start();
        return new Dnsmasq(process, hosts, port);
    }

    public int port() {
        return port;
    }

    /** Replaces all hosts; lines are as in {@code /etc/hosts}. */
    public void hosts(String... lines) throws IOException {
        Files.write(hosts, List.of(lines));
        signal("-HUP");
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

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
