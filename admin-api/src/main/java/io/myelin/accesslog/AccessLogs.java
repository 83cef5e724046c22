package io.myelin.accesslog;

import io.myelin.accesslog.RecordRing.Entry;
import io.myelin.accesslog.RecordRing.Outlet;
import io.myelin.log.AccessConfig;
import io.myelin.log.AccessRecord;
import io.myelin.log.AccessSink;
import io.myelin.log.AccessSinks;
import io.myelin.log.Destination;
import io.myelin.metrics.Counters;
import io.myelin.model.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the access logs of all listeners on one thread, {@code access-log}, which runs from the first listener that
 * logs on.
 */
public final class AccessLogs implements AccessSinks, AutoCloseable {
    /*
     * Each event loop has a ring of its own, so handing a record over costs no lock and, while the writer is awake, no
     * system call. The writer works in rounds: it empties the rings, flushes, and rests for a moment in which nobody
     * wakes it. Only when a round found nothing does it sleep until the next record comes.
     */
    private static final Logger log = LoggerFactory.getLogger(AccessLogs.class);
    private static final int RING = 8_192;
    /** How many lines of one event loop are written before the next one's turn, and before what is written leaves. */
    private static final int ROUND = 1_024;

    private static final long REST_NANOS = Duration.ofMillis(5).toNanos();
    private static final long SLEEP_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final Clock clock;
    private final List<RecordRing> rings;
    private final List<Outlet> outlets;
    private final List<Counters<AccessLogCounter>> loopCounters;
    private final Counters<AccessLogCounter> counters = new Counters<>(AccessLogCounter.class);
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final Outputs outputs;
    private volatile LongSupplier openConnections = () -> 0;
    private final ConnectionCount connectionCount = new ConnectionCount(() -> openConnections.getAsLong());
    private final Surroundings surroundings = Surroundings.ofThisProcess(connectionCount);
    private final EnvelopeWriter envelopes = new EnvelopeWriter(surroundings);
    private volatile @Nullable Thread writer;
    private volatile boolean asleep;
    private volatile boolean closed;

    /** Creates a writer for records of that many event loops; it starts with the first {@link #open}. */
    public AccessLogs(int loops, Clock clock) {
        this(loops, clock, RING);
    }

    AccessLogs(int loops, Clock clock, int capacity) {
        this.clock = clock;
        this.rings =
                Stream.generate(() -> new RecordRing(capacity)).limit(loops).toList();
        this.outlets = rings.stream().map(RecordRing::outlet).toList();
        this.loopCounters = Stream.generate(() -> new Counters<>(AccessLogCounter.class))
                .limit(loops)
                .toList();
        this.outputs = new Outputs(clock);
    }

    /** Says how many connections the process has open, which some formats show. */
    public void observe(LongSupplier newOpenConnections) {
        openConnections = newOpenConnections;
    }

    @Override
    public AccessSink open(AccessConfig config) {
        start();
        Line line = Line.of(config, surroundings);
        command(() -> config.destinations().forEach(outputs::prepare));
        return (loop, record) -> accept(loop, record, line);
    }

    private void accept(int loop, AccessRecord record, Line line) {
        if (!rings.get(loop).offer(new Entry(record, line))) {
            loopCounters.get(loop).increment(AccessLogCounter.DROPPED);
        } else if (asleep) {
            wake();
        }
    }

    /** Closes what none of {@code wanted} is, and opens files anew, so that one that was moved away is let go of. */
    public void settle(Set<Destination> wanted) {
        if (writer != null) {
            command(() -> outputs.settle(Set.copyOf(wanted)));
        }
    }

    /** Returns a counter over all event loops; any thread. */
    public long total(AccessLogCounter counter) {
        return counters.read(counter)
                + loopCounters.stream().mapToLong(row -> row.read(counter)).sum();
    }

    /** Writes what waits, and ends. */
    @Override
    public void close() {
        closed = true;
        Thread running = writer;
        if (running == null) {
            return;
        }
        wake();
        try {
            running.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void start() {
        if (writer == null && !closed) {
            Thread thread = new Thread(this::run, "access-log");
            thread.setDaemon(true);
            writer = thread;
            thread.start();
        }
    }

    private void command(Runnable command) {
        commands.add(command);
        wake();
    }

    private void wake() {
        asleep = false;
        LockSupport.unpark(writer);
    }

    private void run() {
        boolean ending = false;
        while (!ending) {
            ending = closed;
            if (round()) {
                rest();
            } else if (!ending) {
                sleep();
            }
        }
        outputs.closeAll();
    }

    /** Returns whether there was anything to do. */
    private boolean round() {
        boolean busy = false;
        connectionCount.beginRound();
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            busy = true;
            attempt(command);
        }
        for (Outlet outlet : outlets) {
            Entry entry = outlet.poll();
            for (int taken = 1; entry != null; taken++) {
                Entry current = entry;
                attempt(() -> write(current));
                entry = taken < ROUND ? outlet.poll() : null;
                busy = true;
            }
        }
        if (busy) {
            counters.add(AccessLogCounter.FAILED, outputs.flush());
        }
        return busy;
    }

    /** One record that cannot be written must not end the log of all others. */
    private void attempt(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            counters.increment(AccessLogCounter.FAILED);
            log.error("Access log failed", e);
        }
    }

    private void write(Entry entry) {
        Line line = entry.line();
        int level = line.level(entry.record());
        StringBuilder text = new StringBuilder(256);
        line.layout().append(entry.record(), text);
        String words = text.toString();
        for (Destination destination : line.destinations()) {
            if (EnvelopeWriter.sends(destination.envelope(), level)) {
                String message = envelopes.message(destination.envelope(), level, clock.wallMillis(), words);
                counters.increment(
                        outputs.write(destination, message) ? AccessLogCounter.WRITTEN : AccessLogCounter.FAILED);
            }
        }
    }

    private void rest() {
        if (!closed) {
            LockSupport.parkNanos(this, REST_NANOS);
        }
    }

    private void sleep() {
        asleep = true;
        boolean idle = commands.isEmpty() && !closed && outlets.stream().allMatch(Outlet::isEmpty);
        if (idle) {
            LockSupport.parkNanos(this, SLEEP_NANOS);
        }
        asleep = false;
    }

    /** Returns the destinations of {@code configs}, each once. */
    public static Set<Destination> destinations(Stream<AccessConfig> configs) {
        List<Destination> all = new ArrayList<>();
        configs.forEach(config -> all.addAll(config.destinations()));
        return Set.copyOf(all);
    }
}
