package io.myelin.health.replica;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.myelin.model.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of the output of one service's replicas comes into this process's own log: so many lines a second. Safe from any
 * thread.
 */
final class OwnLog {
    private static final Logger log = LoggerFactory.getLogger(OwnLog.class);
    private static final int LINES_PER_SECOND = 100;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean begun;

    @GuardedBy("lock")
    private long secondNanos;

    @GuardedBy("lock")
    private int written;

    @GuardedBy("lock")
    private long suppressed;

    OwnLog(Clock clock) {
        this.clock = clock;
    }

    void write(String line) {
        long before;
        lock.lock();
        try {
            before = due();
        } finally {
            lock.unlock();
        }
        if (before > 0) {
            log.info("Output of replicas left out here, the admin API has it: lines={}", before);
        }
        if (before >= 0) {
            log.info("{}", printable(line));
        }
    }

    /** Returns how many lines were left out before this one, or -1 if this one is, too. */
    @GuardedBy("lock")
    private long due() {
        long now = clock.nanoTime();
        if (!begun || now - secondNanos >= SECOND_NANOS) {
            begun = true;
            secondNanos = now;
            written = 0;
        }
        if (written >= LINES_PER_SECOND) {
            suppressed++;
            return -1;
        }
        written++;
        long before = suppressed;
        suppressed = 0;
        return before;
    }

    /** Nothing that a replica writes moves the cursor of an operator's terminal. */
    private static String printable(String line) {
        return line.codePoints().anyMatch(OwnLog::control)
                ? line.codePoints()
                        .map(point -> control(point) ? '?' : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : line;
    }

    private static boolean control(int point) {
        return point != '\t' && Character.isISOControl(point);
    }
}
