package io.myelin.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.myelin.config.operator.FileOutputConfig;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenario 20: files with the endpoints of services, as Synapse's {@code file_output} writes them. */
class FileOutputTest {
    private static final Endpoint A = Endpoint.of("i-1", "10.0.0.1", 80)
            .withWeight(7)
            .withLabels(Map.of("az", "b"))
            .withOptions("backup")
            .withSequence(12L);
    private static final Endpoint B = Endpoint.of("", "10.0.0.2", 80);

    @TempDir
    Path parent;

    private final FakeClock clock = new FakeClock();
    private final QueuedExecutor control = new QueuedExecutor();
    private final List<Pool> pools = new ArrayList<>();
    private final Pool web = pool("web");
    private final FileOutput output = new FileOutput(() -> List.copyOf(pools));
    private Path directory;

    @BeforeEach
    void open() {
        directory = parent.resolve("synapse/services");
        settle(Set.of(), true);
    }

    @Test
    void scenario20AFileListsEndpointsUnderSynapsesKeys() throws IOException {
        deliver(web, A, B);
        output.tick();

        assertThat(new JsonMapper().readTree(file("web").toFile())).isEqualTo(new JsonMapper().readTree("""
                        [{"name":"i-1","host":"10.0.0.1","port":80,"id":12,"weight":7,
                          "haproxy_server_options":"backup","labels":{"az":"b"}},
                         {"name":null,"host":"10.0.0.2","port":80,"id":null,"weight":null,
                          "haproxy_server_options":null,"labels":null}]
                        """));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("web"))))
                .isEqualTo("rw-r--r--");
        assertThat(names()).containsExactly("web.json");
    }

    @Test
    void scenario20AnotherOrderIsNoChangeAndAnotherWeightIsOne() throws IOException {
        deliver(web, A, B);
        output.tick();
        Object before = Files.readAttributes(file("web"), "unix:ino").get("ino");
        deliver(web, B, A);
        settle(Set.of(), false);
        output.tick();
        assertThat(Files.readAttributes(file("web"), "unix:ino").get("ino")).isEqualTo(before);

        deliver(web, B, A.withWeight(8));
        output.tick();
        assertThat(file("web")).content().contains("\"weight\":8");
    }

    @Test
    void scenario20FilesOfNoServiceArePurgedIfThatIsWanted() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(file("gone"), "[]");
        Files.writeString(directory.resolve("notes.txt"), "x");
        Pool api = pool("api");
        settle(Set.of("api"), true);
        deliver(web, A);
        deliver(api, B);
        output.tick();
        assertThat(names()).containsExactly("notes.txt", "web.json");

        Files.writeString(file("other"), "[]");
        settle(Set.of(), false);
        output.tick();
        assertThat(names()).containsExactly("api.json", "notes.txt", "other.json", "web.json");

        pools.remove(web);
        settle(Set.of(), true);
        output.tick();
        assertThat(names()).containsExactly("api.json", "notes.txt");
    }

    @Test
    void aFileThatIsNotJsonIsReplaced() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(file("web"), "[{\"name\": \"i-1");
        deliver(web, B);
        output.tick();

        assertThat(file("web")).content().contains("10.0.0.2");
    }

    @Test
    void aPoolOfWhichNothingIsKnownYetLeavesAnEarlierFileAlone() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(file("web"), "[1]");
        source(State.STARTING);
        output.tick();
        assertThat(file("web")).content().isEqualTo("[1]");

        web.replace(new EndpointSet("web", List.of(), "test"));
        source(State.LIVE);
        output.tick();
        assertThat(file("web")).content().isEqualTo("[]");
    }

    @Test
    void oneFileThatCannotBeWrittenHarmsNoOther() throws IOException {
        Files.createDirectories(file("web").resolve("in the way"));
        Pool api = pool("api");
        pool("../escape");
        deliver(web, A);
        deliver(api, B);
        output.tick();
        assertThat(file("api")).exists();
        assertThat(parent.resolve("synapse/escape.json")).doesNotExist();

        Files.delete(file("web").resolve("in the way"));
        Files.delete(file("web"));
        output.tick();
        assertThat(file("web")).isRegularFile();
    }

    private Pool pool(String name) {
        Pool pool = new Pool(PoolConfig.named(name), control, clock, RandomSource.SYSTEM, 1);
        pools.add(pool);
        return pool;
    }

    private void settle(Set<String> disabled, boolean purge) {
        output.settle(new FileOutputConfig(directory, disabled, purge));
    }

    private Path file(String service) {
        return directory.resolve(service + ".json");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void deliver(Pool pool, Endpoint... endpoints) {
        pool.replace(new EndpointSet(pool.name(), List.of(endpoints), "test"));
        control.runAll();
    }

    private void source(State state) {
        web.status(new SourceStatus("zookeeper", state, 1, 1, ""));
        control.runAll();
    }
}
