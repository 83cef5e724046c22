package io.myelin.launcher.process;

import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Touches a file every ten seconds for as long as the control thread answers, so that a supervisor can tell a process
 * that works from one that only lives.
 *
 * <p>Used by one thread. The file is touched by a thread of its own, since disks may block.
 */
@OwnedBy(Owner.BUILDER)
final class Heartbeat implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);
    private static final long PERIOD_SECONDS = 10;

    private final Executor control;
    private @Nullable Path file;
    private @Nullable ScheduledExecutorService thread;

    Heartbeat(Executor control) {
        this.control = control;
    }

    /** Touches {@code next} from now on, {@code null} for no file. */
    void beat(@Nullable Path next) {
        if (next == null ? file == null : next.equals(file)) {
            return;
        }
        close();
        file = next;
        if (next != null) {
            ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread beating = new Thread(task, "heartbeat");
                beating.setDaemon(true);
                return beating;
            });
            thread = started;
            started.scheduleAtFixedRate(() -> ask(started, next), 0, PERIOD_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.shutdown();
            thread = null;
        }
        file = null;
    }

    private void ask(ScheduledExecutorService beating, Path touched) {
        control.execute(() -> {
            try {
                beating.execute(() -> touch(touched));
            } catch (RejectedExecutionException e) {
                log.debug("Heartbeat ended: file={}", touched, e);
            }
        });
    }

    private static void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.fromMillis(Clock.SYSTEM.wallMillis()));
        } catch (NoSuchFileException e) {
            create(file, e);
        } catch (IOException e) {
            log.warn("Heartbeat file not touched: file={} error={}", file, e.toString());
        }
    }

    private static void create(Path file, NoSuchFileException missing) {
        try {
            Files.write(file, new byte[0]);
        } catch (IOException e) {
            e.addSuppressed(missing);
            log.warn("Heartbeat file not created: file={} error={}", file, e.toString());
        }
    }
}
