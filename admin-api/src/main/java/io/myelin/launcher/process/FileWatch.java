package io.myelin.launcher.process;

import io.myelin.config.ReloadConfig;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at configuration files from time to time and asks for a reload once one of them has changed and stays as it is.
 *
 * <p>It compares times, sizes and names instead of waiting for events: those differ from file system to file system,
 * and say nothing of files that come by network or by a symbolic link that is turned.
 */
@OwnedBy(Owner.CONFIG_FILES)
final class FileWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

    private final List<Path> files;
    private final Runnable reload;
    private final ScheduledExecutorService thread;
    private ReloadConfig config = ReloadConfig.OFF;
    /** As of the last reload. */
    private Map<Path, Object> taken;
    /** As of the last look. */
    private Map<Path, Object> seen;

    private @Nullable ScheduledFuture<?> looks;

    /**
     * Creates a watch that takes note of {@code files}, which are still to be read, and does not look yet.
     *
     * @param files that the process was started with
     * @param reload asks for a reload; called by the watch's own thread
     */
    FileWatch(List<Path> files, Runnable reload) {
        this.files = List.copyOf(files);
        this.reload = reload;
        this.taken = stamps(this.files, List.of());
        this.seen = taken;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread created = new Thread(task, "files");
            created.setDaemon(true);
            return created;
        });
    }

    /** Queues looking as {@code next} says, at what it names beside the files; any thread. */
    void follow(ReloadConfig next) {
        thread.execute(() -> take(next));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** Takes over {@code next}: what is new to the watch is as it should be, anything else may have changed. */
    void take(ReloadConfig next) {
        boolean sameRhythm = next.watch() == config.watch() && next.interval().equals(config.interval());
        config = next;
        seen = look();
        Map<Path, Object> known = new HashMap<>(seen);
        known.replaceAll((path, stamp) -> taken.getOrDefault(path, stamp));
        taken = known;
        if (!sameRhythm) {
            reschedule(next);
        }
    }

    private void reschedule(ReloadConfig next) {
        ScheduledFuture<?> running = looks;
        if (running != null) {
            running.cancel(false);
        }
        long nanos = next.interval().toNanos();
        looks = next.watch()
                ? thread.scheduleWithFixedDelay(this::lookAgain, nanos, nanos, TimeUnit.NANOSECONDS)
                : null;
    }

    /** Asks for a reload if something has changed since the last one, and nothing since the last look. */
    void lookAgain() {
        Map<Path, Object> now = look();
        boolean still = now.equals(seen);
        seen = now;
        if (still && !now.equals(taken)) {
            log.info("Configuration changed, reading it again: files={}", changed(now));
            taken = now;
            reload.run();
        }
    }

    private Set<Path> changed(Map<Path, Object> now) {
        Set<Path> changed = new TreeSet<>();
        Stream.concat(now.keySet().stream(), taken.keySet().stream())
                .filter(path -> !Objects.equals(now.get(path), taken.get(path)))
                .forEach(changed::add);
        return changed;
    }

    private Map<Path, Object> look() {
        return stamps(files, config.places());
    }

    /** Returns for each path something that is equal for as long as what is there is the same. */
    static Map<Path, Object> stamps(List<Path> files, List<Path> places) {
        Map<Path, Object> stamps = new HashMap<>();
        Stream.concat(files.stream(), places.stream()).forEach(path -> stamps.put(path, stamp(path)));
        return stamps;
    }

    /** Returns something that is equal for as long as the file, or the list of files in the directory, is the same. */
    private static Object stamp(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return attributes.isDirectory()
                    ? names(path)
                    : new Stamp(
                            attributes.lastModifiedTime().toMillis(),
                            attributes.size(),
                            String.valueOf(attributes.fileKey()));
        } catch (IOException | DirectoryIteratorException e) {
            return "absent";
        }
    }

    private static Set<Path> names(Path directory) throws IOException {
        Set<Path> names = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(names::add);
        }
        return names;
    }

    /**
     * What tells one version of a file from another.
     *
     * @param modifiedMillis wall clock
     * @param key the file system's own name of the file, another one if a file of the same name took its place
     */
    private record Stamp(long modifiedMillis, long length, String key) {}
}
