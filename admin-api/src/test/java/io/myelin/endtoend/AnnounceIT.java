package io.myelin.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.discovery.testing.ZooKeeperProcess;
import io.myelin.launcher.MyelinProcess;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
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

    @Test
    void aStatsdServerIsToldWhatNerveWouldTell() throws IOException, StartException, InterruptedException {
        try (DatagramSocket statsd = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Patient one = new Patient("one")) {
            statsd.setSoTimeout(10_000);
            Path file = nerveFile(one, 5);
            String told = Files.readString(file)
                    .replace(
                            "\"services\"",
                            "\"statsd\": {\"host\": \"127.0.0.1\", \"port\": \"" + statsd.getLocalPort()
                                    + "\"},\n\"services\"")
                    .replace("\"weight\": 5", "\"weight\": 5, \"use_path_encoding\": true");
            Files.writeString(file, told);
            Set<String> heard = new TreeSet<>();
            try (World announcer = World.of(file)) {
                announcement(announcer, "announced");
                hearUntil(statsd, heard, "nerve.watcher.status.report.count");
                announcer.reload(told.replace("\"weight\": 5", "\"weight\": 6"));
                one.answerChecksWith(Patient.ILL);
                announcement(announcer, "withdrawn");
                announcer.stop();
            }
            hearUntil(statsd, heard, "nerve.stop:");

            String check = "check_name:http-127.0.0.1:" + one.entry().replaceAll(".*port: (\\d+)}", "$1") + "/health,";
            String place = "|#zk_cluster:" + ZOOKEEPER.connectString() + ",zk_path:" + path;
            assertThat(heard)
                    .contains(
                            "nerve.start:|c",
                            "nerve.config.update:|c",
                            "nerve.watcher.launch:|c|#launch_reason:new,watcher_name:web",
                            "nerve.watcher.launch:|c|#launch_reason:update,watcher_name:web",
                            "nerve.watcher.reap:|c|#reap_reason:update,watcher_name:web",
                            "nerve.watcher.start:|c|#service_name:web",
                            "nerve.watcher.stop:|c|#service_name:web,stop_avenue:clean,stop_location:main_loop",
                            "nerve.watcher.status.ping.count:|c|#nerve_version:test,ping_result:success,service_name:web",
                            "nerve.watcher.status.service_check:|c|#" + check + "check_result:up,service_name:web",
                            "nerve.watcher.status.service_check:|c|#" + check + "check_result:down,service_name:web",
                            "nerve.watcher.status.transition:|c|#new_status:up,service_name:web",
                            "nerve.watcher.status.transition:|c|#new_status:down,service_name:web",
                            "nerve.watcher.status.report.count:|c|#report_result:success,service_name:web",
                            "nerve.reporter.zk.client.created:|c" + place,
                            "nerve.reporter.zk.create.elapsed_time:|ms" + place,
                            "nerve.reporter.zk.delete.elapsed_time:|ms" + place,
                            "nerve.reporter.zk.child.bytes:|g" + place,
                            "nerve.main_loop.elapsed_time:|ms",
                            "nerve.stop:|c|#stop_avenue:clean,stop_location:main_loop")
                    .noneMatch(line -> line.startsWith("synapse."));
        }
    }

    @Test
    void theEnvironmentMayNameTheFile() throws IOException {
        try (Patient one = new Patient("one");
                MyelinProcess check = MyelinProcess.startWith(
                        Map.of("NERVE_CONFIG", nerveFile(one, 5).toString()), "check")) {
            assertThat(check.awaitLine(any -> true)).isEqualTo("ok: services=0 frontends=0 announcements=1");
        }
    }

    /** Adds metrics to {@code heard}, without their values, until one begins with {@code last}. */
    private static void hearUntil(DatagramSocket statsd, Set<String> heard, String last) throws IOException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (heard.stream().noneMatch(line -> line.startsWith(last))) {
            assertThat(System.nanoTime()).as("no %s in %s", last, heard).isLessThan(deadlineNanos);
            DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
            statsd.receive(packet);
            new String(packet.getData(), 0, packet.getLength(), UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst(":\\d+\\|", ":|"))
                    .forEach(heard::add);
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
                announce: {instance_id: child, host: 127.0.0.1, withdraw_wait: 3s}
                services:
                  app:
                    servers: ["127.0.0.1:%d"]
                    port: "127.0.0.1:%d"
                    announce: {hosts: "%s", path: %s, port: %d, interval: 20ms, checks: [/]}
                """.formatted(application, port, ZOOKEEPER.connectString(), path, port);
    }
}
