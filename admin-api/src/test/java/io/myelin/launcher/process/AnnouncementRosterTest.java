package io.myelin.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.admin.AnnouncementView;
import io.myelin.config.AnnounceConfig;
import io.myelin.config.AnnounceSettings;
import io.myelin.config.reader.ConfigReader;
import io.myelin.config.reader.ParsedFiles;
import io.myelin.control.ControlLoop;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.announce.RateLimit;
import io.myelin.discovery.announce.Registrar;
import io.myelin.discovery.announce.Registration;
import io.myelin.discovery.announce.RegistrationObserver;
import io.myelin.discovery.announce.ReporterConfig;
import io.myelin.health.Checker;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.RandomSource;
import io.myelin.statsd.NerveMetrics;
import io.myelin.testing.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of announcements when the client of one of their registries throws. */
@Timeout(30)
@NullMarked
class AnnouncementRosterTest {
    private final ParsedFiles files = new ConfigReader().parse(List.of());
    private final ControlLoop control = new ControlLoop();
    private final Sources sources = new Sources(
            new Watchers(List.of(), List.of(new Moody()), Clock.SYSTEM),
            new Checker(1, Clock.SYSTEM, RandomSource.SYSTEM),
            new RegistryConfig(files, files.load()),
            control,
            Clock.SYSTEM);
    private final NerveMetrics metrics = new NerveMetrics(Clock.SYSTEM, RandomSource.SYSTEM);
    private final AnnouncementRoster roster = new AnnouncementRoster(
            sources, Clock.SYSTEM, config -> new AnnouncementMetrics(config.name(), config.reporter(), "1", metrics));

    @AfterEach
    void close() {
        roster.close();
        sources.close();
        control.close();
    }

    @Test
    void aClientThatThrowsHarmsItsOwnAnnouncementAndIsAskedAgain() {
        Mood bad = new Mood(2, 1, new AtomicInteger());
        Mood hopeless = new Mood(Integer.MAX_VALUE, 0, new AtomicInteger());
        roster.reconcile(new AnnounceSettings(
                List.of(
                        announce("hopeless", hopeless),
                        announce("bad", bad),
                        announce("good", new Mood(0, 0, new AtomicInteger()))),
                List.of(),
                null));

        Await.until("the good one is announced", () -> view("good").state().equals("announced"));
        Await.until("the bad one is announced", () -> view("bad").state().equals("announced"));
        assertThat(Instant.parse(view("bad").since()))
                .as("later than the good one")
                .isAfter(Instant.parse(view("good").since()));
        assertThat(view("bad").counts().reportFailures()).isEqualTo(3);
        assertThat(view("bad").error()).isNull();
        assertThat(view("hopeless").state()).isEqualTo("announcing");
        assertThat(view("hopeless").error()).contains("no mood to register");
        Await.until("operators are told", () -> view("hopeless").alarm());

        CompletableFuture<Duration> withdrawn = roster.withdraw().toCompletableFuture();
        Await.until(
                "the others are withdrawn",
                () -> view("bad").state().equals("withdrawn")
                        && view("good").state().equals("withdrawn"));
        assertThat(withdrawn).isNotDone();
    }

    private AnnouncementView view(String name) {
        return roster.views().stream()
                .filter(view -> view.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static AnnounceConfig announce(String name, Mood mood) {
        return new AnnounceConfig(
                name,
                Endpoint.of("i-1", "10.0.0.1", 80),
                mood,
                List.of(),
                Duration.ofMillis(10),
                RateLimit.NONE,
                4,
                Duration.ZERO);
    }

    /** How often registering and then announcing go wrong. */
    private record Mood(int registrations, int announcements, AtomicInteger asked) implements ReporterConfig {
        @Override
        public String place() {
            return "nowhere";
        }

        @Override
        public String kind() {
            return "moody";
        }
    }

    /** Registers in no registry, after a while. */
    private static final class Moody implements Registrar {
        @Override
        public boolean supports(ReporterConfig config) {
            return config instanceof Mood;
        }

        @Override
        public Registration register(ReporterConfig config, Endpoint endpoint, RegistrationObserver observer) {
            Mood mood = (Mood) config;
            if (mood.asked.incrementAndGet() <= mood.registrations) {
                throw new IllegalStateException("no mood to register");
            }
            AtomicInteger announced = new AtomicInteger();
            return new Registration() {
                @Override
                public CompletionStage<@Nullable String> announce(Endpoint changed) {
                    if (announced.incrementAndGet() <= mood.announcements) {
                        throw new IllegalStateException("no mood to announce");
                    }
                    observer.onAnnounced("/" + changed.name());
                    return CompletableFuture.completedFuture("/" + changed.name());
                }

                @Override
                public CompletionStage<@Nullable String> withdraw() {
                    observer.onWithdrawn();
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public void close() {
                    throw new IllegalStateException("no mood to close");
                }
            };
        }

        @Override
        public void close() {}
    }
}
