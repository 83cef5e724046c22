package io.myelin.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.operator.StateFileConfig;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.RandomSource;
import io.myelin.model.SourceStatus;
import io.myelin.model.SourceStatus.State;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.testing.FakeClock;
import io.myelin.testing.QueuedExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
    private static final Endpoint A = Endpoint.of("a", "10.0.0.1", 80);
    private static final Endpoint B = Endpoint.of("b", "10.0.0.2", 80);

    @TempDir
    Path directory;

    private final FakeClock clock = new FakeClock();
    private final QueuedExecutor control = new QueuedExecutor();
    private final Pool pool = new Pool(PoolConfig.named("web"), control, clock, RandomSource.SYSTEM, 1);
    private Map<String, String> configurations = Map.of();
    private final StateFile stateFile = new StateFile(() -> List.of(pool), () -> configurations, clock);
    private StateFileConfig config;

    @BeforeEach
    void open() {
        config = new StateFileConfig(directory.resolve("state.json"), Duration.ofDays(1));
        stateFile.settle(config, Map.of());
        deliver(A);
        source(State.LIVE);
        stateFile.tick();
    }

    @Test
    void whatRegistriesSayOfServicesIsWrittenAndReadAgain() {
        configurations = Map.of("web", "{\"haproxy\": {\"port\": 1}}");
        clock.advance(Duration.ofSeconds(5));
        stateFile.tick();

        assertThat(StateFile.read(config, clock).configurations()).isEqualTo(configurations);
        assertThat(endpoints()).containsExactly(A);
        clock.advance(Duration.ofDays(1).plusSeconds(1));
        assertThat(StateFile.read(config, clock).configurations()).isEmpty();
    }

    @Test
    void whatBecameOfItIsTold() throws IOException {
        StateFileFacts facts = Objects.requireNonNull(stateFile.facts());
        assertThat(facts.writes()).isOne();
        assertThat(facts.entries()).isOne();
        assertThat(facts.bytes()).isEqualTo((int) Files.size(config.path()));
        assertThat(facts.writtenMillis()).isEqualTo(clock.wallMillis());

        stateFile.settle(new StateFileConfig(directory.resolve("missing/state.json"), Duration.ofDays(1)), Map.of());
        stateFile.tick();
        assertThat(Objects.requireNonNull(stateFile.facts()).failures()).isOne();
        stateFile.settle(null, Map.of());
        assertThat(stateFile.facts()).isNull();
    }

    @Test
    void aChangeIsWrittenWithinSeconds() {
        assertThat(endpoints()).containsExactly(A);

        deliver(A, B);
        for (int second = 0; second < 6; second++) {
            clock.advance(Duration.ofSeconds(1));
            stateFile.tick();
        }

        assertThat(endpoints()).containsExactly(A, B);
    }

    @Test
    void anUnchangedFileIsWrittenEveryMinuteAndNoSooner() throws IOException {
        Files.delete(config.path());
        clock.advance(Duration.ofSeconds(59));
        stateFile.tick();
        assertThat(config.path()).doesNotExist();

        clock.advance(Duration.ofSeconds(1));
        stateFile.tick();
        assertThat(endpoints()).containsExactly(A);
    }

    @Test
    void aPoolKeepsTheTimeAtWhichItsSourceCouldLastBeAsked() {
        long lostMillis = clock.wallMillis();
        clock.advance(Duration.ofHours(23));
        source(State.STALE, lostMillis);
        stateFile.tick();
        assertThat(web().knownMillis()).isEqualTo(lostMillis);

        clock.advance(Duration.ofHours(2));
        stateFile.tick();
        assertThat(StateFile.read(config, clock).pools()).isEmpty();
    }

    @Test
    void aServiceThatIsBrokenForNowStaysInTheFile() {
        RememberedPool broken = new RememberedPool("broken", List.of(B), clock.wallMillis(), Map.of());
        stateFile.settle(config, Map.of("broken", broken));
        stateFile.write();

        assertThat(StateFile.read(config, clock).pools())
                .containsOnlyKeys("broken", "web")
                .containsEntry("broken", broken);
    }

    @Test
    void aPoolWithoutASourceIsNoneOfItsBusiness() {
        Pool fixed = new Pool(PoolConfig.named("fixed"), control, clock, RandomSource.SYSTEM, 1);
        StateFile other = new StateFile(() -> List.of(fixed), Map::of, clock);
        other.settle(config, Map.of());
        other.tick();

        assertThat(StateFile.read(config, clock).pools()).isEmpty();
    }

    @Test
    void aFileThatCannotBeWrittenIsTriedAgain() throws IOException {
        Files.delete(config.path());
        Files.createDirectories(config.path().resolve("in the way"));
        deliver(A, B);
        clock.advance(Duration.ofSeconds(6));
        stateFile.tick();

        Files.delete(config.path().resolve("in the way"));
        Files.delete(config.path());
        clock.advance(Duration.ofSeconds(6));
        stateFile.tick();
        assertThat(endpoints()).containsExactly(A, B);
    }

    @Test
    void aCorruptFileIsIgnored() throws IOException {
        Files.writeString(config.path(), "{\"web\":{\"a_10.0.0.1:80\":{\"timest");

        assertThat(StateFile.read(config, clock).pools()).isEmpty();
    }

    private RememberedPool web() {
        return Objects.requireNonNull(StateFile.read(config, clock).pools().get("web"));
    }

    private List<Endpoint> endpoints() {
        return web().endpoints();
    }

    private void deliver(Endpoint... endpoints) {
        pool.replace(new EndpointSet("web", List.of(endpoints), "test"));
        control.runAll();
    }

    private void source(State state) {
        source(state, clock.wallMillis());
    }

    private void source(State state, long syncedMillis) {
        pool.status(new SourceStatus("zookeeper", state, clock.wallMillis(), syncedMillis, ""));
        control.runAll();
    }
}
