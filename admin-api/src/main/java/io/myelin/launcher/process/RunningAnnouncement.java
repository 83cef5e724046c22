package io.myelin.launcher.process;

import io.myelin.admin.AnnouncementView;
import io.myelin.config.AnnounceConfig;
import io.myelin.discovery.announce.AnnounceMachine;
import io.myelin.discovery.announce.AnnounceMachine.Wish;
import io.myelin.discovery.announce.Registration;
import io.myelin.discovery.announce.RegistrationObserver;
import io.myelin.health.LocalChecks;
import io.myelin.health.LocalVerdict;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance of this host that is announced while its checks pass.
 *
 * <p>What it concludes, it concludes on the control thread; its methods queue their effect there, except for
 * {@link #view}, which may be asked by any thread.
 */
@OwnedBy(Owner.CONTROL)
final class RunningAnnouncement implements RegistrationObserver, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunningAnnouncement.class);

    private final Sources sources;
    private final Clock clock;
    private final AnnouncementMetrics metrics;
    private final AnnounceMachine machine;
    private final Registration registration;
    private final CompletableFuture<Void> decided = new CompletableFuture<>();
    private volatile AnnounceConfig config;
    private volatile AnnouncementView view;
    private LocalChecks checks;
    private @Nullable LocalVerdict verdict;
    private @Nullable String path;
    private @Nullable String error;
    /** What the registry said last, {@code null} since it failed. */
    private @Nullable Wish told;

    private String state = "starting";
    private boolean confirmed;
    private boolean gone;
    private long sinceMillis;
    private int failures;
    private long reportFailures;
    private long rounds;

    /** Begins to check, and announces once the checks pass. */
    RunningAnnouncement(AnnounceConfig config, Sources sources, Clock clock, AnnouncementMetrics metrics) {
        this.config = config;
        this.sources = sources;
        this.clock = clock;
        this.metrics = metrics;
        this.sinceMillis = clock.wallMillis();
        this.machine = new AnnounceMachine(config.limit(), clock);
        this.view = describe();
        this.registration = new RetriedRegistration(
                config.name(),
                () -> sources.watchers().register(config.reporter(), config.endpoint(), this),
                this,
                sources.control());
        this.checks = check(config);
        checks.start();
        metrics.started();
    }

    AnnounceConfig config() {
        return config;
    }

    /** Returns what operators see; safe from any thread. */
    AnnouncementView view() {
        return view;
    }

    /** Completes, on the control thread, when the registry has first said what the checks say. */
    CompletionStage<Void> decided() {
        return decided;
    }

    /** Returns whether another configuration can take effect without another registration. */
    boolean canBecome(AnnounceConfig next) {
        return config.reporter().equals(next.reporter())
                && config.endpoint().name().equals(next.endpoint().name());
    }

    /**
     * Queues another configuration that it can become. A new address is announced when its own checks have passed, and
     * until then the old one is; everything else at once.
     */
    void reconfigure(AnnounceConfig next) {
        sources.control().execute(() -> {
            AnnounceConfig before = config;
            config = next;
            machine.reconfigure(next.limit());
            boolean moved = !before.endpoint().id().equals(next.endpoint().id());
            if (moved) {
                machine.restart();
            } else if (machine.wish() == Wish.ANNOUNCED && !before.endpoint().equals(next.endpoint())) {
                registration.announce(next.endpoint());
            }
            if (!before.checks().equals(next.checks()) || !before.interval().equals(next.interval()) || moved) {
                checks.close();
                checks = check(next);
                checks.start();
            }
            refresh();
        });
    }

    /**
     * Queues the withdrawal for good. Completes once the registry no longer names the instance, with the time for which
     * the process should go on serving: none if nobody was told of the instance.
     */
    CompletionStage<Duration> withdraw() {
        CompletableFuture<Duration> withdrawn = new CompletableFuture<>();
        sources.control().execute(() -> {
            Duration wait = machine.wish() == Wish.ANNOUNCED ? config.withdrawWait() : Duration.ZERO;
            if (!machine.stopped()) {
                metrics.stopped();
            }
            machine.stop();
            checks.close();
            confirmed = false;
            refresh();
            registration.withdraw().thenRun(() -> withdrawn.complete(wait));
        });
        return withdrawn;
    }

    /** Lets go of everything; what is still announced is forgotten by the registry in its own time. */
    @Override
    public void close() {
        sources.control().execute(() -> checks.close());
        registration.close();
    }

    @Override
    public void onAnnounced(String newPath) {
        onNews(() -> {
            if (!newPath.equals(path)) {
                metrics.announcedAt(newPath);
            }
            path = newPath;
            confirm(Wish.ANNOUNCED);
        });
    }

    @Override
    public void onWithdrawn() {
        onNews(() -> {
            path = null;
            confirm(Wish.WITHDRAWN);
        });
    }

    @Override
    public void onFailed(String reason) {
        onNews(() -> {
            confirmed = false;
            told = null;
            error = reason;
            metrics.reportFailed();
            failures++;
            reportFailures++;
            if (failures == config.alarmAfter()) {
                log.error("Registry keeps failing: service={} failures={} error={}", config.name(), failures, reason);
            }
        });
    }

    @Override
    public void onAnswered(Operation operation, long nanos, Answer answer) {
        metrics.answered(operation, nanos, answer);
    }

    @Override
    public void onClient(boolean shared) {
        metrics.client(shared);
    }

    private void onNews(Runnable step) {
        sources.control().execute(() -> {
            step.run();
            refresh();
        });
    }

    private void confirm(Wish said) {
        failures = 0;
        error = null;
        gone = said == Wish.WITHDRAWN;
        confirmed = machine.wish() == said;
        if (confirmed) {
            decided.complete(null);
            if (told != said) {
                told = said;
                metrics.reported(said == Wish.ANNOUNCED);
            }
        }
    }

    private LocalChecks check(AnnounceConfig checked) {
        return sources.checker()
                .local(
                        checked.name(),
                        checked.checks(),
                        checked.interval(),
                        round -> sources.control().execute(() -> onRound(checked, round)));
    }

    private void onRound(AnnounceConfig checked, LocalVerdict round) {
        if (!checked.checks().equals(config.checks())) {
            return;
        }
        rounds++;
        verdict = round;
        metrics.checked(round, error == null);
        long throttled = machine.throttled();
        Wish wish = machine.onVerdict(round.passing());
        if (machine.throttled() > throttled) {
            metrics.throttled(config.limit().shadow());
        }
        if (wish != null) {
            log.info("Instance {}: service={} checks={}", wish, config.name(), round.checks());
            confirmed = wish == Wish.WITHDRAWN && gone;
            if (wish == Wish.ANNOUNCED) {
                registration.announce(config.endpoint());
            } else {
                registration.withdraw();
            }
        }
        refresh();
    }

    private void refresh() {
        String now = stateNow();
        if (!now.equals(state)) {
            state = now;
            sinceMillis = clock.wallMillis();
        }
        view = describe();
    }

    private String stateNow() {
        return switch (machine.wish()) {
            case NONE -> path == null ? "starting" : "announced";
            case ANNOUNCED -> confirmed ? "announced" : "announcing";
            case WITHDRAWN -> confirmed ? "withdrawn" : "withdrawing";
        };
    }

    private AnnouncementView describe() {
        AnnounceConfig shown = config;
        LocalVerdict seen = verdict;
        List<AnnouncementView.Check> parts = seen == null
                ? List.of()
                : seen.checks().stream()
                        .map(part -> new AnnouncementView.Check(part.name(), part.passing(), part.reason()))
                        .toList();
        return new AnnouncementView(
                shown.name(),
                state,
                Instant.ofEpochMilli(sinceMillis).toString(),
                shown.endpoint().name(),
                shown.endpoint().address(),
                shown.endpoint().weight(),
                shown.reporter().place(),
                path,
                seen == null ? null : seen.passing(),
                parts,
                error,
                failures,
                failures >= shown.alarmAfter(),
                new AnnouncementView.Counts(machine.transitions(), machine.throttled(), reportFailures, rounds));
    }
}
