package io.myelin.benchmarks.conformance;

import io.myelin.benchmarks.process.Waiting;
import io.myelin.model.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Another proxy, as a child process. */
final class ProgramContender implements Contender {
    private static final Duration PATIENCE = Duration.ofSeconds(TIMEOUT_SECONDS + 2);
    private static final Duration START_LIMIT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final int STOP_SECONDS = 5;

    private final Program program;
    private @Nullable Process process;
    private @Nullable Path directory;

    ProgramContender(Program program) {
        this.program = program;
    }

    @Override
    public String name() {
        return program.name();
    }

    @Override
    public Duration patience() {
        return PATIENCE;
    }

    @Override
    public List<Integer> start(List<Integer> memberPorts) throws IOException, InterruptedException {
        List<Integer> ports = freePorts(memberPorts.size());
        Path work = Files.createTempDirectory("conformance");
        directory = work;
        // Workers of another user have to find their way to the directories of their temporary files.
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path configuration = Files.writeString(
                work.resolve("configuration"), program.kind().configuration(ports, memberPorts, work));
        List<String> command = new ArrayList<>(List.of(program.binary().toString()));
        command.addAll(program.kind().arguments(configuration, work));
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("log").toFile())
                .start();
        process = started;
        for (int port : ports) {
            await(port, started, work);
        }
        return ports;
    }

    private void await(int port, Process started, Path work) throws IOException, InterruptedException {
        Waiting.until(() -> !started.isAlive() || accepts(port), START_LIMIT, PAUSE, Clock.SYSTEM);
        if (!started.isAlive() || !accepts(port)) {
            throw new IOException(
                    program.binary() + " did not listen. It printed:\n" + Files.readString(work.resolve("log")));
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException ignored) {
            return false; // it is not up yet, which is what was asked
        }
    }

    /** Returns ports that nobody uses at the moment. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> reserved = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                reserved.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return reserved.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : reserved) {
                socket.close();
            }
        }
    }

    @Override
    public void close() {
        Process started = process;
        if (started != null) {
            stop(started);
        }
        Path work = directory;
        if (work != null) {
            delete(work);
        }
    }

    private static void stop(Process started) {
        started.destroy();
        try {
            if (!started.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                started.destroyForcibly();
            }
        } catch (InterruptedException e) {
            started.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path work) {
        try (Stream<Path> files = Files.walk(work)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
