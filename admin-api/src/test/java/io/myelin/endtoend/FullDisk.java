package io.myelin.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A place on which nothing can be written: a full file system in memory where this user may mount one, and otherwise a
 * device under which there can be no directory.
 *
 * @param run a directory to be used there
 * @param complaint what is said of it
 * @param mount where it is mounted, empty if it is the device
 */
record FullDisk(Path run, String complaint, List<Path> mount) implements AutoCloseable {
    private static final int PAGE_BYTES = 4_096;

    /** Mounts it at {@code directory}, which is created. */
    static FullDisk at(Path directory) throws IOException {
        Files.createDirectories(directory);
        if (!succeeds("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", directory.toString())) {
            return new FullDisk(Path.of("/dev/full/run"), "cannot be used", List.of());
        }
        fill(directory.resolve("rest"));
        return new FullDisk(directory.resolve("run"), "No space left on device", List.of(directory));
    }

    private static void fill(Path file) {
        try (var out = Files.newOutputStream(file)) {
            while (true) {
                out.write(new byte[PAGE_BYTES]);
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw new AssertionError(full);
            }
        }
    }

    private static boolean succeeds(String... words) {
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        for (Path mounted : mount) {
            if (!succeeds("umount", "-l", mounted.toString())) {
                throw new AssertionError("still mounted: " + mounted);
            }
        }
    }
}
