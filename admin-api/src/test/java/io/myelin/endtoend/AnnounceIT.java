package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.discovery.testing.ZooKeeperProcess;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one Myelin announces in a real ZooKeeper, as Nerve would, another one serves. */
@Timeout(120)
@NullMarked
class AnnounceIT {
    private static final AtomicInteger PATHS = new AtomicInteger();
    private static final ZooKeeperProcess ZOOKEEPER = new ZooKeeperProcess();

    @TempDir
    Path directory;

    private final String path = "/nerve/announced/web" + PATHS.incrementAndGet();

    @BeforeAll
    static void startZooKeeper() {
        ZOOKEEPER.start();
    }

    @AfterAll
    static void stopZooKeeper() {
        ZOOKEEPER.close();
    }

    @Test
    void anInstanceOfANerveFileIsServedElsewhereWhileItsChecksPass()
            throws IOException, StartException, InterruptedException {
        try (Patient one = new Patient("one");
                World consumer = World.from(directory, consuming());
                World announcer = World.of(nerveFile(one, 5))) {
            consumer.awaitEligible("web", 1);
            JsonNode announced = announcement(announcer, "announced");
            assertThat(announced.path("path").asText()).matches(path + "/i-7_\\d{10}");
            assertThat(announced.path("checks").path(0).path("reason").asText()).startsWith("http 200");
            JsonNode member = consumer.service("web").path("members").path(0);
            assertThat(member.path("name").asText()).isEqualTo("i-7");

            one.answerChecksWith(Patient.ILL);
            consumer.awaitEligible("web", 0);
            JsonNode withdrawn = announcement(announcer, "withdrawn");
            assertThat(withdrawn.path("path").isNull()).isTrue();
            assertThat(withdrawn.path("passing").asBoolean()).isFalse();
            assertThat(withdrawn.path("checks").path(0).path("reason").asText()).startsWith("http 500");

            one.answerChecksWith(Patient.WELL);
            consumer.awaitEligible("web", 1);
            one.die();
            consumer.awaitEligible("web", 0);
            one.revive();
            consumer.awaitEligible("web", 1);
            Await.until(
                    "five changes are counted",
                    () -> announcer
                            .admin()
                            .get("/metrics")
                            .body()
                            .contains("myelin_announce_transitions_total{instance=\"i-7\",service=\"web\"} 5.0"));
            assertThat(Files.exists(directory.resolve("beat"))).isTrue();
        }
    }

    @Test
    void aReloadChangesWhatIsAnnouncedWithoutAGap() throws IOException, StartException, InterruptedException {
        try (Patient one = new Patient("one");
                Patient two = new Patient("two");
                World consumer = World.from(directory, consuming());
                World announcer = World.of(nerveFile(one, 5))) {
            consumer.awaitEligible("web", 1);
            String znode = announcement(announcer, "announced").path("path").asText();

            announcer.reload(nerveText(one, 7));
            consumer.await(
                    "web",
                    "the new weight",
                    web -> web.path("members").path(0).path("weight").asInt() == 7);
            assertThat(announcement(announcer, "announced").path("path").asText())
                    .isEqualTo(znode);

            announcer.reload(nerveText(two, 7));
            String moved = two.entry().replaceAll(".*port: (\\d+)}", "127.0.0.1:$1");
            consumer.await(
                    "web",
                    "the new address",
                    web -> web.path("members").path(0).path("address").asText().equals(moved));
            assertThat(announcement(announcer, "announced").path("path").asText())
                    .isEqualTo(znode);
            announcer.reload(nerveText(two, 7).replace("\"port\"", "\"prot\""));
            consumer.awaitEligible("web", 1);
            assertThat(announcement(announcer, "announced").path("path").asText())
                    .isEqualTo(znode);

            announcer.reload("{\"instance_id\": \"i-7\", \"services\": {}}");
            consumer.awaitEligible("web", 0);
            assertThat(announcer.admin().json("/api/v1/announcements")).isEmpty();
        }
    }

    @Test
    void aProcessWithdrawsBeforeItDrains() throws IOException, StartException, InterruptedException {
        int port = Ports.free(1).get(0);
        try (LoopbackBackend application = LoopbackBackend.answering("hello");
                World consumer = World.from(directory, consuming());
                Child announcer = Child.from(
                        Files.createDirectory(directory.resolve("child")), announcing(port, application.port()))) {
            consumer.awaitEligible("web", 1);
            try (Load load = Load.on(consumer.port("web"), 4)) {
                Await.until("requests are served", () -> load.requests() > 50);
                announcer.signal("TERM");
                consumer.awaitEligible("web", 0);
                assertThat(Ports.refused(port)).isFalse();
                load.stop();
            }
            assertThat(announcer.process().exitCode()).isZero();
            Await.until("it listens no more", () -> Ports.refused(port));
        }
    }

    private static JsonNode announcement(World world, String state) {
        return world.admin()
                .await(
                        "/api/v1/announcements",
                        "the announcement is " + state,
                        all -> all.path(0).path("state").asText().equals(state))
                .path(0);
    }

    private Path nerveFile(Patient patient, int weight) throws IOException {
        return Files.writeString(directory.resolve("nerve.conf.json"), nerveText(patient, weight));
    }

    private String nerveText(Patient patient, int weight) {
        return """
                {
                \t"instance_id": "i-7",
                \t"heartbeat_path": "%s",
                \t"services": {
                \t\t"web": {
                \t\t\t"host": "127.0.0.1",
                \t\t\t"port": %s,
                \t\t\t"weight": %d,
                \t\t\t"zk_hosts": ["%s"],
                \t\t\t"zk_path": "%s",
                \t\t\t"check_interval": 0.02,
                \t\t\t"checks": [{"type": "http", "uri": "/health", "timeout": 2, "open_timeout": 2}]
                \t\t}
                \t}
                }
                """.formatted(
                        directory.resolve("beat"),
                        patient.entry().replaceAll(".*port: (\\d+)}", "$1"),
                        weight,
                        ZOOKEEPER.connectString(),
                        path);
    }

    private String consuming() {
        return """
                services:
                  web:
                    discovery: {method: zookeeper, hosts: ["%s"], path: %s}
                    use_previous_backends: false
                    port: "127.0.0.1:0"
                """.formatted(ZOOKEEPER.connectString(), path);
    }

    private String announcing(int port, int application) {
        return """
                announce: {instance_id: child, host: 127.0.0.1, withdraw_wait: 1s}
                services:
                  app:
                    servers: ["127.0.0.1:%d"]
                    port: "127.0.0.1:%d"
                    announce: {hosts: "%s", path: %s, port: %d, interval: 20ms, checks: [/]}
                """.formatted(application, port, ZOOKEEPER.connectString(), path, port);
    }
}
