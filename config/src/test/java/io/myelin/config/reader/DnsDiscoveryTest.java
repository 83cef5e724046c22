package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.dns.DnsConfig;
import io.myelin.discovery.dns.DnsOptions;
import io.myelin.discovery.dns.DnsServer;
import io.myelin.discovery.dns.Nameserver;
import io.myelin.discovery.dns.RecordKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class DnsDiscoveryTest {
    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    @Test
    void readsWhatSynapseReads() {
        assertThat(read("{method: dns, nameserver: 10.0.0.53, check_interval: 2.5,"
                        + " servers: [{name: x, host: web.test, port: '80', labels: {rack: b}}]}"))
                .isEqualTo(new DnsConfig(
                        List.of(new DnsServer("x", "web.test", 80, RecordKind.ADDRESS, Map.of("rack", "b"), List.of())),
                        new DnsOptions(
                                List.of(new Nameserver("10.0.0.53", 53)),
                                Duration.ofMillis(2_500),
                                Duration.ofSeconds(1))));
    }

    @Test
    void hasHalfAMinuteAndTheSystemsNameServersByDefault() {
        assertThat(read("{method: DNS, servers: 'web.test:80'}"))
                .isEqualTo(new DnsConfig(List.of(DnsServer.of("", "web.test", 80)), DnsOptions.DEFAULT));
    }

    @Test
    void readsTextsAndServices() {
        assertThat(read("{method: dns, servers: ['web.test:80', '[::1]:81', _http._tcp.web.test, api.consul,"
                                + " {host: 10.0.0.1, port: 82}]}")
                        .servers())
                .containsExactly(
                        DnsServer.of("", "web.test", 80),
                        DnsServer.of("", "::1", 81),
                        DnsServer.ofService("", "_http._tcp.web.test"),
                        DnsServer.ofService("", "api.consul"),
                        DnsServer.of("", "10.0.0.1", 82));
    }

    @Test
    void thePortOfTheServiceServesForNamesWithoutOne() {
        DnsConfig config = (DnsConfig)
                files.service("services: {web: {backend_port_override: 99, discovery: {method: dns, servers: [web.test,"
                                + " {host: _a.test}, {host: b.test, record: srv}]}}}")
                        .discovery();

        assertThat(config.servers())
                .containsExactly(
                        DnsServer.of("", "web.test", 99),
                        DnsServer.ofService("", "_a.test"),
                        DnsServer.ofService("", "b.test"));
    }

    @Test
    void theOldKeyForThePortServesToo() {
        DnsConfig config = (DnsConfig) files.service(
                        "services: {web: {haproxy: {server_port_override: '98'}, discovery: {method: dns, servers:"
                                + " [web.test]}}}")
                .discovery();

        assertThat(config.servers()).containsExactly(DnsServer.of("", "web.test", 98));
    }

    @Test
    void readsNativeKeys() {
        assertThat(read(
                        "{method: dns, nameserver: ['[::1]:5353', ns.test], check_interval: 1m, min_ttl: 250ms, servers:"
                                + " [{host: web.test, port: 80, record: AAAA, nameserver: '10.0.0.1:54, 10.0.0.2'}]}"))
                .isEqualTo(new DnsConfig(
                        List.of(new DnsServer(
                                "",
                                "web.test",
                                80,
                                RecordKind.AAAA,
                                Map.of(),
                                List.of(new Nameserver("10.0.0.1", 54), new Nameserver("10.0.0.2", 53)))),
                        new DnsOptions(
                                List.of(new Nameserver("::1", 5_353), new Nameserver("ns.test", 53)),
                                Duration.ofMinutes(1),
                                Duration.ofMillis(250))));
    }

    @Test
    void saysEverythingThatIsWrong() {
        assertThat(files.problems("""
                services:
                  web:
                    discovery:
                      method: dns
                      nameserver: "n s"
                      check_interval: 0
                      min_ttl: often
                      server: []
                      servers:
                        - "bad host"
                        - 10.0.0.1
                        - {port: 80}
                        - {host: "*", port: 80}
                        - {host: a.test, port: 0}
                        - {host: a.test, port: 80, record: mx}
                        - {host: _a.test, port: 80, prot: 1}
                        - []
                """))
                .containsExactly(
                        "0.yaml:5:19: services.web.discovery.nameserver: n s (expected: host or host:port)",
                        "0.yaml:6:23: services.web.discovery.check_interval: 0 (expected: at least 1ms)",
                        "0.yaml:7:16: services.web.discovery.min_ttl: often (expected: a number of seconds, such"
                                + " as 0.5 or 30, or a time with a unit)",
                        "0.yaml:8:7: services.web.discovery.server: unknown key, did you mean servers?",
                        "0.yaml:10:11: services.web.discovery.servers[0]: bad host (expected: host:port, a service such"
                                + " as _http._tcp.example.com, or a map with host)",
                        "0.yaml:11:11: services.web.discovery.servers[1]: has no port (expected: host:port, a service"
                                + " such as _http._tcp.example.com, or a map with host)",
                        "0.yaml:12:11: services.web.discovery.servers[2]: has no host (expected: host:port, a service"
                                + " such as _http._tcp.example.com, or a map with host)",
                        "0.yaml:13:18: services.web.discovery.servers[3].host: * (expected: a name or an IP address)",
                        "0.yaml:14:32: services.web.discovery.servers[4].port: 0 (expected: 1..65535)",
                        "0.yaml:15:44: services.web.discovery.servers[5].record: mx (expected: address, a, aaaa or srv)",
                        "0.yaml:16:33: warning: services.web.discovery.servers[6].port: has no effect: SRV records have"
                                + " ports",
                        "0.yaml:16:37: services.web.discovery.servers[6].prot: unknown key, did you mean port?",
                        "0.yaml:17:11: services.web.discovery.servers[7]: is a list (expected: a map)");
    }

    private DnsConfig read(String discovery) {
        return (DnsConfig)
                files.service("services: {web: {discovery: " + discovery + "}}").discovery();
    }
}
