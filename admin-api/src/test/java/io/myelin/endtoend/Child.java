package io.myelin.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.launcher.MyelinProcess;
import io.myelin.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program in a process of its own, running one file.
 *
 * @param file what it reads at its start and at each reload
 */
record Child(MyelinProcess process, Admin admin, Path file) implements AutoCloseable {
    /** Starts it from {@code yaml}, which is written to a file in {@code directory}, and waits until it serves. */
    static Child from(Path directory, String yaml, String... flags) throws IOException {
        Path file = Files.writeString(directory.resolve("myelin.yaml"), yaml);
        List<String> words = new ArrayList<>(List.of("run", "-c", file.toString()));
        words.addAll(List.of(flags));
        MyelinProcess process = MyelinProcess.start(words.toArray(String[]::new));
        String line = process.awaitLine(any -> any.startsWith("admin "));
        Child child = new Child(process, Admin.at(line.substring("admin ".length())), file);
        Await.until("the files are read", () -> child.admin.reloads() >= 1);
        return child;
    }

    /** Returns the port of the first address of a listener. */
    int port(String listener) {
        for (JsonNode one : admin.json("/api/v1/listeners")) {
            if (one.path("listener").asText().equals(listener)) {
                return one.path("port").asInt();
            }
        }
        throw new AssertionError("no listener " + listener + " in " + admin.json("/api/v1/listeners"));
    }

    /** Replaces the text of the file and has it read again. */
    void reload(String yaml) throws IOException {
        Files.writeString(file, yaml);
        admin.reload(() -> signal("HUP"));
    }

    void signal(String name) {
        try {
            process.signal(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Ends it in good order and returns what it had said on its error output. */
    String stop() throws IOException, InterruptedException {
        signal("TERM");
        int code = process.exitCode();
        if (code != 0) {
            throw new AssertionError("exit code " + code + " (expected: 0): " + process.errors());
        }
        return process.errors();
    }

    @Override
    public void close() {
        process.close();
    }
}
