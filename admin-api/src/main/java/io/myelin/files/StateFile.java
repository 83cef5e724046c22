package io.myelin.files;

import io.myelin.balance.Member;
import io.myelin.config.operator.StateFileConfig;
import io.myelin.model.Clock;
import io.myelin.model.EndpointId;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.SourceStatus;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last known pools in a file: soon after a change, and once a minute in any case, since its age is how
 * monitoring tells that the process is alive.
 *
 * <p>Only pools with a source are kept, and a pool whose source cannot be asked keeps the time at which it last could.
 */
@OwnedBy(Owner.TOOLS)
public final class StateFile {
    private static final Logger log = LoggerFactory.getLogger(StateFile.class);

    private final Supplier<List<Pool>> pools;
    private final Supplier<Map<String, String>> configurations;
    private final Clock clock;
    private @Nullable StateFileConfig config;
    private Map<String, RememberedPool> earlier = Map.of();
    private Map<String, Long> written = Map.of();
    private Map<String, String> writtenConfigurations = Map.of();
    private long writtenNanos;
    private boolean due;
    private String complaint = "";
    private volatile @Nullable StateFileFacts facts;

    /**
     * Creates the keeper of no file yet.
     *
     * @param configurations returns the configuration that registries keep, by service
     */
    public StateFile(Supplier<List<Pool>> pools, Supplier<Map<String, String>> configurations, Clock clock) {
        this.pools = pools;
        this.configurations = configurations;
        this.clock = clock;
    }

    /** Returns what was written so far, {@code null} if no file is kept. Any thread. */
    public @Nullable StateFileFacts facts() {
        return facts;
    }

    /** Returns what the file says, nothing if there is none or it cannot be read, which is reported. Any thread. */
    public static RememberedState read(StateFileConfig config, Clock clock) {
        try {
            byte[] content = Files.readAllBytes(config.path());
            RememberedState read = StateCodec.read(content, clock.wallMillis(), config.ttl());
            log.info(
                    "State file read: path={} services={} configurations={}",
                    config.path(),
                    read.pools().size(),
                    read.configurations().size());
            return read;
        } catch (NoSuchFileException e) {
            log.info("State file is not there yet: path={}", config.path());
        } catch (IOException e) {
            log.error(
                    "State file ignored, pools wait for their registries: path={} error={} (expected: JSON as it was"
                            + " written)",
                    config.path(),
                    firstLine(e));
        }
        return RememberedState.NOTHING;
    }

    /**
     * Keeps another file from now on, or with {@code null} none.
     *
     * @param recalled what was read at the start; a service that is not there, because it is broken, stays in the file
     */
    public void settle(@Nullable StateFileConfig newConfig, Map<String, RememberedPool> recalled) {
        due = newConfig != null && !newConfig.equals(config);
        config = newConfig;
        earlier = recalled;
        if (newConfig == null) {
            facts = null;
        } else if (facts == null) {
            facts = StateFileFacts.NONE;
        }
    }

    /** Writes the file if it is time to; to be called about every second. */
    public void tick() {
        StateFileConfig current = config;
        if (current == null) {
            return;
        }
        long passed = clock.nanoTime() - writtenNanos;
        if (due
                || passed >= current.interval().toNanos()
                || (passed >= current.delay().toNanos() && changed())) {
            write();
        }
    }

    private boolean changed() {
        return !versions().equals(written) || !configurations.get().equals(writtenConfigurations);
    }

    /** Writes the file now, if there is one. */
    public void write() {
        StateFileConfig current = config;
        if (current == null) {
            return;
        }
        Map<String, Long> versions = versions();
        Map<String, String> texts = Map.copyOf(configurations.get());
        StateFileFacts before = facts == null ? StateFileFacts.NONE : facts;
        try {
            Path file = current.path();
            List<RememberedPool> remembered = remembered(current.ttl());
            byte[] content = StateCodec.write(remembered, texts, clock.wallMillis());
            AtomicFile.replace(file, file.resolveSibling(file.getFileName() + ".tmp"), content);
            written = versions;
            writtenConfigurations = texts;
            complaint = "";
            facts = before.written(clock.wallMillis(), remembered, content.length);
        } catch (IOException e) {
            facts = before.failed();
            complain(current.path(), firstLine(e));
        }
        due = false;
        writtenNanos = clock.nanoTime();
    }

    private Map<String, Long> versions() {
        Map<String, Long> versions = new HashMap<>();
        pools.get().forEach(pool -> versions.put(pool.name(), pool.snapshot().version()));
        return versions;
    }

    private List<RememberedPool> remembered(Duration ttl) {
        List<RememberedPool> remembered = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (Pool pool : pools.get()) {
            SourceStatus source = pool.sourceStatus();
            // Before its source was read, a pool holds at most its defaults.
            if (source != null && source.state() != SourceStatus.State.STARTING) {
                known.add(pool.name());
                remembered.add(remember(pool.snapshot(), pool.name(), source));
            }
        }
        for (RememberedPool pool : earlier.values()) {
            if (!known.contains(pool.name()) && clock.wallMillis() - pool.knownMillis() <= ttl.toMillis()) {
                remembered.add(pool);
            }
        }
        return remembered;
    }

    private RememberedPool remember(PoolSnapshot snapshot, String name, SourceStatus source) {
        boolean live = source.state() == SourceStatus.State.LIVE;
        Map<EndpointId, Integer> numbers = new HashMap<>();
        for (Member member : snapshot.members()) {
            if (member.number() != 0) {
                numbers.put(member.id(), member.number());
            }
        }
        return new RememberedPool(
                name,
                snapshot.members().stream().map(Member::endpoint).toList(),
                live ? clock.wallMillis() : source.syncedMillis(),
                numbers);
    }

    /** Says once what is wrong, not every second. */
    private void complain(Path path, String reason) {
        if (!reason.equals(complaint)) {
            complaint = reason;
            log.error("State file could not be written, tried again soon: path={} error={}", path, reason);
        }
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e).lines().findFirst().orElse("");
    }
}
