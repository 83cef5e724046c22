package io.myelin.health.replica;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs is written down in a directory, one file per replica, so that a start after a crash finds what was left
 * over. Whatever the disk does, nothing is stopped by it.
 */
@OwnedBy(Owner.REPLICAS)
final class RunStore implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunStore.class);

    private final Path directory;
    private final RunFiles files;
    private @Nullable FileChannel lock;
    private boolean usable;
    private volatile String trouble = "";
    private final LongAdder failures = new LongAdder();

    RunStore(Path directory, RunFiles files) {
        this.directory = directory;
        this.files = files;
    }

    Path directory() {
        return directory;
    }

    /** Returns what is wrong with the store, empty if nothing is; any thread. */
    String trouble() {
        return trouble;
    }

    /** Returns how often the disk failed; any thread. */
    long failures() {
        return failures.sum();
    }

    /** Begins to use the directory and returns what an earlier process wrote down and did not strike out. */
    List<RunEntry> open() {
        try {
            files.create(directory);
            lock = files.lock(directory.resolve(RunFiles.LOCK));
        } catch (OverlappingFileLockException e) {
            lock = null;
        } catch (IOException e) {
            fail("cannot be used: " + e, e);
            return List.of();
        }
        if (lock == null) {
            fail("is used by another process that runs", null);
            return List.of();
        }
        usable = true;
        return entries();
    }

    /** Writes down a replica, in the place of what was written of it before. */
    void remember(RunEntry entry) {
        if (usable) {
            try {
                files.write(file(entry.replica()), entry.text());
                trouble = "";
            } catch (IOException e) {
                fail("not written: " + e, e);
            }
        }
    }

    /** Strikes out a replica that has ended. */
    void forget(String replica) {
        if (usable) {
            try {
                files.delete(file(replica));
            } catch (IOException e) {
                fail("not changed: " + e, e);
            }
        }
    }

    /** Leaves the directory to others, and removes it if nothing is in it. */
    @Override
    public void close() {
        usable = false;
        FileChannel held = lock;
        lock = null;
        if (held != null) {
            try (held) {
                files.remove(directory);
            } catch (IOException e) {
                fail("not left: " + e, e);
            }
        }
    }

    private List<RunEntry> entries() {
        List<RunEntry> entries = new ArrayList<>();
        try {
            for (Path file : files.list(directory, RunEntry.SUFFIX)) {
                entries.add(RunEntry.parse(file.getFileName().toString(), files.read(file)));
            }
        } catch (IOException e) {
            fail("not read: " + e, e);
        }
        return entries;
    }

    private Path file(String replica) {
        return directory.resolve(replica + RunEntry.SUFFIX);
    }

    private void fail(String what, @Nullable Exception cause) {
        String text = "run_dir " + directory + ": " + what
                + "; replicas run all the same, and what a crash of this process leaves over will not be found";
        if (!text.equals(trouble)) {
            log.warn("{}", text);
            log.debug("Cause", cause);
        }
        trouble = text;
        failures.increment();
    }
}
