package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.testing.ZooKeeperProcess;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three hosts, each of which announces the way to its own instance and serves the ways that all announce, are restarted
 * one after the other while the clients of the other two go on.
 */
@Timeout(120)
@NullMarked
class RollingRestartIT {
    private static final int HOSTS = 3;

    /** Few, because they take the processor from the process that starts. */
    private static final int CLIENTS_EACH = 2;

    @TempDir
    Path directory;

    private final List<Integer> ports = new ArrayList<>();

    @Test
    void aRollingRestartOfThreeHostsLosesNoRequest() throws IOException, InterruptedException {
        ports.addAll(Ports.free(HOSTS));
        List<Child> hosts = new ArrayList<>();
        try (ZooKeeperProcess zookeeper = new ZooKeeperProcess();
                LoopbackBackend application = LoopbackBackend.answering("hello")) {
            zookeeper.start();
            for (int host = 0; host < HOSTS; host++) {
                Path home = Files.createDirectory(directory.resolve("host" + host));
                hosts.add(Child.from(home, config(host, zookeeper, application)));
            }
            for (int host = 0; host < HOSTS; host++) {
                awaitWays(hosts.get((host + 1) % HOSTS), HOSTS);
                awaitWays(hosts.get((host + 2) % HOSTS), HOSTS);
                try (Load one = Load.on(hosts.get((host + 1) % HOSTS).port("all"), CLIENTS_EACH);
                        Load other = Load.on(hosts.get((host + 2) % HOSTS).port("all"), CLIENTS_EACH)) {
                    Await.until("requests are served", () -> one.requests() > 100 && other.requests() > 100);
                    hosts.set(host, restarted(host, hosts.get(host), zookeeper, application));
                    awaitWays(hosts.get((host + 1) % HOSTS), HOSTS);
                    long before = one.requests();
                    Await.until("requests are served after it", () -> one.requests() > before + 100);
                    assertThat(one.stop()).isEmpty();
                    assertThat(other.stop()).isEmpty();
                }
            }
        } finally {
            hosts.forEach(Child::close);
        }
    }

    private Child restarted(int host, Child running, ZooKeeperProcess zookeeper, LoopbackBackend application)
            throws IOException, InterruptedException {
        running.stop();
        return Child.from(directory.resolve("host" + host), config(host, zookeeper, application));
    }

    private static void awaitWays(Child host, int count) {
        host.admin()
                .await(
                        "/api/v1/services/all",
                        count + " ways are used",
                        service -> service.path("memberCounts").path("eligible").asInt() == count);
    }

    private String config(int host, ZooKeeperProcess zookeeper, LoopbackBackend application) {
        return """
                announce: {instance_id: host%1$d, host: 127.0.0.1, withdraw_wait: 1s}
                services:
                  own:
                    servers: ["127.0.0.1:%2$d"]
                    port: "127.0.0.1:%3$d"
                    announce: {hosts: "%4$s", path: /nerve/ways, port: %3$d, interval: 50ms, checks: [{http: /, timeout: 10s}]}
                  all:
                    discovery: {method: zookeeper, hosts: ["%4$s"], path: /nerve/ways}
                    use_previous_backends: false
                    port: "127.0.0.1:0"
                """.formatted(host, application.port(), ports.get(host), zookeeper.connectString());
    }
}
