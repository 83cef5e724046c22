package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.ServiceConfig;
import io.myelin.discovery.dns.Nameserver;
import io.myelin.discovery.resolved.ResolvedConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registries that hold names. */
@NullMarked
class ResolvedDiscoveryTest {
    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    @Test
    void theRegistryAndTheNameServerAreReadFromOneSection() {
        String registry = "hosts: [\"zk:2181\"], path: /p";
        ServiceConfig resolved = files.service(yaml(
                "zookeeper_dns",
                registry
                        + ", nameserver: \"10.0.0.1:5353\", check_interval: 30.0,"
                        + " label_filter: {label: a, value: b, condition: equals}"));
        ServiceConfig plain = files.service(yaml("zookeeper", registry));

        ResolvedConfig config = (ResolvedConfig) resolved.discovery();
        assertThat(config.source()).isEqualTo(plain.discovery());
        assertThat(config.options().nameservers()).containsExactly(new Nameserver("10.0.0.1", 5353));
        assertThat(config.options().checkInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(resolved.pool().selection().filters()).hasSize(1);
    }

    @Test
    void namesOfDefaultServersAreResolvedInTheSameWay() {
        ServiceConfig service = files.service(yaml("zookeeper_dns", "hosts: [\"zk:2181\"], path: /p")
                + "    default_servers: [\"web.test:80\", \"web.test:81\", \"10.0.0.1:80\", \"[::1]:80\"]\n");

        assertThat(((ResolvedConfig) service.discovery()).defaultHosts()).containsExactly("web.test");
    }

    @Test
    void theRegistryMayBeLookedAtFromTimeToTime() {
        String polled = "hosts: [\"zk:2181\"], path: /p, polling_interval_sec: 5";

        assertThat(((ResolvedConfig) files.service(yaml("zookeeper_dns_poll", polled))
                                .discovery())
                        .source())
                .isEqualTo(files.service(yaml("zookeeper_poll", polled)).discovery());
    }

    @Test
    void whatIsWrongIsSaidOfEitherPart() {
        assertThat(files.problems(yaml("zookeeper_dns", "hosts: [\"zk:2181\"], nameserver: [\"\"], servers: []")))
                .anyMatch(problem -> problem.contains("discovery: has no path"))
                .anyMatch(problem -> problem.contains("discovery.servers: unknown key"));
        assertThat(files.problems(yaml("zookeeper", "hosts: [\"zk:2181\"], path: /p, nameserver: h")))
                .hasSize(1)
                .allMatch(problem -> problem.contains("discovery.nameserver: unknown key"));
    }

    private static String yaml(String method, String keys) {
        return """
                services:
                  web:
                    port: 1
                    discovery: {method: %s, %s}
                """.formatted(method, keys);
    }
}
