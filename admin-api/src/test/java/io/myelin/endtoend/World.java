package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.health.replica.ReplicaControl;
import io.myelin.launcher.process.Console;
import io.myelin.launcher.process.LaunchOptions;
import io.myelin.launcher.process.Lifecycle;
import io.myelin.launcher.process.RunningProxy;
import io.myelin.launcher.process.StartException;
import io.myelin.model.Clock;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerStatus;
import io.myelin.server.ServerOptions;
import io.myelin.server.ServerOptions.Transport;
import io.myelin.testing.Await;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** A running process as its users see it: started from a file, reached through its ports and its admin API. */
final class World implements AutoCloseable {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Lifecycle lifecycle = new Lifecycle(Clock.SYSTEM);
    private final List<Path> files;
    private final RunningProxy proxy;
    private final Admin admin;
    private final Thread serving;

    private World(List<Path> files) throws StartException, InterruptedException {
        this.files = files;
        LaunchOptions options = new LaunchOptions(
                files,
                new BindAddress("127.0.0.1", 0),
                Duration.ofSeconds(5),
                new ServerOptions(2, Transport.AUTO),
                "test");
        Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true));
        proxy = RunningProxy.start(options, lifecycle, console);
        admin = Admin.at(proxy.adminUrl());
        serving = new Thread(this::serve, "world");
        serving.start();
    }

    private void serve() {
        try {
            proxy.serve();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts a process from {@code yaml}, which is written to a file in {@code directory}. */
    static World from(Path directory, String yaml) throws IOException, StartException, InterruptedException {
        Path file = directory.resolve("myelin.yaml");
        Files.writeString(file, yaml);
        return of(file);
    }

    static World of(Path... files) throws StartException, InterruptedException {
        return new World(List.of(files));
    }

    /** Returns the port of the first address of a listener. */
    int port(String listener) {
        return listeners().stream()
                .filter(status -> status.listener().equals(listener))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no listener " + listener + " in " + listeners()))
                .boundPort();
    }

    List<ListenerStatus> listeners() {
        return proxy.assembly().view().listeners();
    }

    /** Returns what the process said on its error output. */
    String errors() {
        return err.toString();
    }

    String output() {
        return out.toString();
    }

    Admin admin() {
        return admin;
    }

    /** Returns what operators see of replicas and do to them. */
    ReplicaControl replicas() {
        return proxy.assembly().replicas();
    }

    /** Returns what the admin API says of a service. */
    JsonNode service(String name) {
        return admin.service(name);
    }

    /** Waits until what the admin API says of a service is as wanted. */
    JsonNode await(String name, String what, Predicate<JsonNode> wanted) {
        return admin.await("/api/v1/services/" + name, what, wanted);
    }

    /**
     * Replaces the only file as a whole and has it read again: a watch may read it at any moment, and a file that was
     * emptied to be written has no services.
     */
    void reload(String yaml) throws IOException {
        Path file = files.get(0);
        Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), yaml);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        admin.reload(() -> lifecycle.request(Lifecycle.Request.RELOAD));
    }

    /** Replaces the text of the only file and asks for it to be read again, for those who see that by themselves. */
    void rewrite(String yaml) throws IOException {
        Files.writeString(files.get(0), yaml);
        lifecycle.request(Lifecycle.Request.RELOAD);
    }

    /** Waits until a service has that many members that may take work. */
    void awaitEligible(String name, int eligible) {
        Await.until(name + " has " + eligible + " eligible members", () -> {
            var pool = proxy.assembly().view().pool(name);
            return pool != null && pool.snapshot().eligible().size() == eligible;
        });
    }

    /** Withdraws and drains, as a process does that is asked once to stop; what is left is to close it. */
    void stop() throws InterruptedException {
        lifecycle.request(Lifecycle.Request.STOP);
        serving.join(10_000);
        assertThat(serving.isAlive())
                .as("still serving 10 s after it was asked to stop")
                .isFalse();
    }

    /** Cuts everything: the second wish to stop ends the drain that the first one began. */
    @Override
    public void close() {
        lifecycle.request(Lifecycle.Request.STOP);
        lifecycle.request(Lifecycle.Request.STOP);
        try {
            serving.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        proxy.close();
    }
}
