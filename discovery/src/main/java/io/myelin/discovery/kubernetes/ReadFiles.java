package io.myelin.discovery.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.discovery.polling.PollException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;

/** Files that were read, and whether one of them has changed since; on the loop. */
final class ReadFiles {
    private final Map<Path, FileTime> times = new HashMap<>();

    /** Returns what {@code file} holds. */
    String read(Path file) throws PollException {
        try {
            times.put(file, Files.getLastModifiedTime(file));
            return new String(Files.readAllBytes(file), UTF_8);
        } catch (IOException e) {
            throw new PollException(file + " cannot be read (expected: a readable file): " + e, e);
        }
    }

    /** Returns whether a file is another than it was when it was read. */
    boolean changed() {
        for (Map.Entry<Path, FileTime> read : times.entrySet()) {
            try {
                if (!Files.getLastModifiedTime(read.getKey()).equals(read.getValue())) {
                    return true;
                }
            } catch (IOException ignored) {
                // A file that is gone is one that has changed; who reads it says so.
                return true;
            }
        }
        return false;
    }
}
