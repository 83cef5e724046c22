package io.myelin.launcher.process;

import io.myelin.admin.AnnouncementView;
import io.myelin.config.AnnounceConfig;
import io.myelin.config.AnnounceSettings;
import io.myelin.launcher.process.AnnouncementMetrics.Occasion;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this host announces now, by name. Used by one thread, except for {@link #views}. */
@OwnedBy(Owner.BUILDER)
final class AnnouncementRoster implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AnnouncementRoster.class);
    /** How long what takes the place of an announcement may take to be announced itself, as with Nerve. */
    private static final Duration TAKEOVER_LIMIT = Duration.ofSeconds(30);

    private final Sources sources;
    private final Clock clock;
    private final Function<AnnounceConfig, AnnouncementMetrics> metrics;
    private final Heartbeat heartbeat;
    private final Map<String, RunningAnnouncement> running = new LinkedHashMap<>();
    private final Set<RunningAnnouncement> leaving = ConcurrentHashMap.newKeySet();
    private volatile List<RunningAnnouncement> shown = List.of();

    /**
     * Creates a roster that announces nothing yet.
     *
     * @param metrics returns what takes note of what happens to an announcement
     */
    AnnouncementRoster(Sources sources, Clock clock, Function<AnnounceConfig, AnnouncementMetrics> metrics) {
        this.sources = sources;
        this.clock = clock;
        this.metrics = metrics;
        this.heartbeat = new Heartbeat(sources.control());
    }

    /** Returns what operators see, in the order of the configuration; safe from any thread. */
    List<AnnouncementView> views() {
        return shown.stream().map(RunningAnnouncement::view).toList();
    }

    /** Makes {@code wanted} what is announced; what cannot be used goes on as it was, if it was. */
    void reconcile(AnnounceSettings wanted) {
        heartbeat.beat(wanted.heartbeat());
        Set<String> gone = new HashSet<>(running.keySet());
        wanted.announcements().forEach(config -> gone.remove(config.name()));
        gone.removeIf(wanted.broken()::contains);
        gone.forEach(this::leave);
        wanted.announcements().forEach(this::run);
        shown = List.copyOf(running.values());
    }

    /**
     * Withdraws everything. Completes once no registry names any instance of this host, with the time for which the
     * process should go on serving.
     */
    CompletionStage<Duration> withdraw() {
        List<CompletableFuture<Duration>> withdrawals = new ArrayList<>();
        running.values().forEach(one -> withdrawals.add(one.withdraw().toCompletableFuture()));
        leaving.forEach(one -> withdrawals.add(one.withdraw().toCompletableFuture()));
        return CompletableFuture.allOf(withdrawals.toArray(CompletableFuture[]::new))
                .thenApply(done -> withdrawals.stream()
                        .map(CompletableFuture::join)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO));
    }

    @Override
    public void close() {
        heartbeat.close();
        running.values().forEach(RunningAnnouncement::close);
        running.clear();
        leaving.forEach(RunningAnnouncement::close);
        leaving.clear();
        shown = List.of();
    }

    private void run(AnnounceConfig config) {
        RunningAnnouncement current = running.get(config.name());
        try {
            if (current == null) {
                running.put(config.name(), begin(config, Occasion.NEW));
            } else if (!config.equals(current.config()) && current.canBecome(config)) {
                metrics.apply(config).launched(Occasion.UPDATE);
                current.reconfigure(config);
                metrics.apply(config).reaped(Occasion.UPDATE);
                log.info("Announcement changed: service={}", config.name());
            } else if (!config.equals(current.config())) {
                replace(current, config);
                log.info(
                        "Announcement moved: service={} to={}",
                        config.name(),
                        config.reporter().place());
            }
        } catch (RuntimeException e) {
            log.error("Instance cannot be announced: service={}", config.name(), e);
        }
    }

    /** Announces at the new place before the old one is left, so that the instance is never missing. */
    private void replace(RunningAnnouncement current, AnnounceConfig config) {
        RunningAnnouncement next = begin(config, Occasion.UPDATE);
        running.put(config.name(), next);
        leaving.add(current);
        next.decided()
                .toCompletableFuture()
                .copy()
                .orTimeout(TAKEOVER_LIMIT.toSeconds(), TimeUnit.SECONDS)
                .whenComplete((done, late) -> {
                    metrics.apply(current.config()).reaped(Occasion.UPDATE);
                    endOf(current);
                });
    }

    private RunningAnnouncement begin(AnnounceConfig config, Occasion occasion) {
        AnnouncementMetrics own = metrics.apply(config);
        own.launched(occasion);
        return new RunningAnnouncement(config, sources, clock, own);
    }

    private void leave(String name) {
        RunningAnnouncement one = running.remove(name);
        if (one != null) {
            log.info("Announcement removed: service={}", name);
            metrics.apply(one.config()).reaped(Occasion.OLD);
            leaving.add(one);
            endOf(one);
        }
    }

    private void endOf(RunningAnnouncement one) {
        one.withdraw().thenRun(() -> {
            leaving.remove(one);
            one.close();
        });
    }
}
