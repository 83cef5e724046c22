package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.docker.DockerConfig;
import io.myelin.discovery.docker.DockerHost;
import io.myelin.discovery.ec2tag.Ec2TagConfig;
import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.fetch.TlsFiles;
import io.myelin.discovery.marathon.MarathonConfig;
import io.myelin.discovery.marathon.MarathonConfig.Authorization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registries that are asked again and again: Docker, Marathon and EC2. */
@NullMarked
class PolledDiscoveryTest {
    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    @Test
    void readsDockerAsSynapseDoes() {
        assertThat(read("discovery: {method: docker, image_name: team/web, container_port: '80', servers:"
                        + " [{name: one, host: 10.0.0.1}, {host: h2, port: 2375}]}"))
                .isEqualTo(new DockerConfig(
                        List.of(
                                new DockerHost("one", "10.0.0.1", HttpOrigin.of("10.0.0.1", 4_243)),
                                new DockerHost("", "h2", HttpOrigin.of("h2", 2_375))),
                        "team/web",
                        80,
                        Duration.ofSeconds(15),
                        true));
    }

    @Test
    void readsDockersOwnForms() {
        assertThat(read(
                        "discovery: {method: docker, image_name: web, container_port: 80, check_interval: 500ms, servers:"
                                + " [h1, 'h2:2375', 'tcp://h3', 'https://h4:2376', /run/docker.sock, 'unix:///run/x.sock',"
                                + " {host: h5, socket: /run/y.sock}, {name: here}]}"))
                .isEqualTo(new DockerConfig(
                        List.of(
                                new DockerHost("", "h1", HttpOrigin.of("h1", 4_243)),
                                new DockerHost("", "h2", HttpOrigin.of("h2", 2_375)),
                                new DockerHost("", "h3", HttpOrigin.of("h3", 4_243)),
                                new DockerHost("", "h4", new HttpOrigin(true, "h4", 2_376, "")),
                                new DockerHost("", "127.0.0.1", HttpOrigin.ofUnix("/run/docker.sock")),
                                new DockerHost("", "127.0.0.1", HttpOrigin.ofUnix("/run/x.sock")),
                                new DockerHost("", "h5", HttpOrigin.ofUnix("/run/y.sock")),
                                new DockerHost("here", "127.0.0.1", HttpOrigin.of("127.0.0.1", 4_243))),
                        "web",
                        80,
                        Duration.ofMillis(500),
                        true));
    }

    @Test
    void readsMarathon() {
        assertThat(read("discovery: {method: marathon, marathon_api_url: 'http://m.test:8080', application_name: web}"))
                .isEqualTo(new MarathonConfig(
                        List.of(HttpOrigin.of("m.test", 8_080)),
                        "/v2/apps/%{app}/tasks",
                        "web",
                        0,
                        Duration.ofSeconds(10),
                        TlsFiles.NONE,
                        Authorization.NONE,
                        true));
        assertThat(read("discovery: {method: marathon, marathon_api_url: 'https://u:p@m.test', application_name: /a/b,"
                        + " port_index: 2, marathon_api_path: '/x/%{app}', check_interval: 3, ca_file: /etc/ca.pem}"))
                .isEqualTo(new MarathonConfig(
                        List.of(new HttpOrigin(true, "m.test", 443, "u:p")),
                        "/x/%{app}",
                        "/a/b",
                        2,
                        Duration.ofSeconds(3),
                        new TlsFiles(Path.of("/etc/ca.pem"), null, null),
                        Authorization.NONE,
                        true));
    }

    @Test
    void readsSeveralMarathonsAndWhoAsks() {
        MarathonConfig config =
                (MarathonConfig) read("discovery: {method: marathon, application_name: web, events: false,"
                        + " marathon_api_url: ['http://m1:8080, https://m2', 'http://m3'], authorization: token=abc,"
                        + " cert_file: c.pem, key_file: k.pem}");

        assertThat(config.apis())
                .extracting(HttpOrigin::toString)
                .containsExactly("http://m1:8080", "https://m2", "http://m3");
        assertThat(config.authorization().value()).isEqualTo("token=abc");
        assertThat(config.tls()).isEqualTo(new TlsFiles(null, Path.of("c.pem"), Path.of("k.pem")));
        assertThat(config.events()).isFalse();
    }

    @Test
    void readsHowDockerIsEncrypted() {
        TlsFiles all = TlsFiles.in(Path.of("/etc/docker"));
        TlsFiles own = new TlsFiles(Path.of("ca.pem"), Path.of("c.pem"), Path.of("k.pem"));
        assertThat(read("discovery: {method: docker, image_name: web, container_port: 80, events: false,"
                        + " tls: {cert_path: /etc/docker}, servers: [h1, 'tcp://h2:1', 'unix:///run/x.sock', {host: h3},"
                        + " {host: h4, port: 2, tls: {ca_file: ca.pem, cert_file: c.pem, key_file: k.pem}},"
                        + " {host: h5, tls: false}, {host: h6, tls: true}]}"))
                .isEqualTo(new DockerConfig(
                        List.of(
                                new DockerHost("", "h1", new HttpOrigin(true, "h1", 2_376, ""), all),
                                new DockerHost("", "h2", new HttpOrigin(true, "h2", 1, ""), all),
                                new DockerHost("", "127.0.0.1", HttpOrigin.ofUnix("/run/x.sock"), all),
                                new DockerHost("", "h3", new HttpOrigin(true, "h3", 2_376, ""), all),
                                new DockerHost("", "h4", new HttpOrigin(true, "h4", 2, ""), own),
                                new DockerHost("", "h5", HttpOrigin.of("h5", 4_243)),
                                new DockerHost("", "h6", new HttpOrigin(true, "h6", 2_376, ""))),
                        "web",
                        80,
                        Duration.ofSeconds(15),
                        false));
    }

    @Test
    void saysWhatIsWrongWithCertificates() {
        assertThat(files.problems("""
                services:
                  web:
                    discovery:
                      method: docker
                      image_name: web
                      container_port: 80
                      check_interval: soon
                      tls: {cert_file: c.pem}
                      servers:
                        - {host: h, tls: {cert_path: /c, ca_file: ca.pem}}
                        - {host: h, socket: /s, tls: true}
                  api:
                    discovery:
                      method: marathon
                      application_name: web
                      marathon_api_url: ["http://m1", "m2:secret"]
                      authorization: "sécret"
                """))
                .containsExactly(
                        "0.yaml:7:23: services.web.discovery.check_interval: soon (expected: a number of seconds, such as"
                                + " 0.5 or 30, or a time with a unit)",
                        "0.yaml:8:12: services.web.discovery.tls: has only one of cert_file and key_file (expected: both,"
                                + " or none of them)",
                        "0.yaml:10:42: services.web.discovery.servers[0].tls.ca_file: is set beside cert_path (expected:"
                                + " one of them)",
                        "0.yaml:11:33: services.web.discovery.servers[1].tls: is set beside socket (expected: one of"
                                + " them)",
                        "0.yaml:16:25: services.api.discovery.marathon_api_url: is not a URL (expected: a URL such as"
                                + " http://marathon.example.com:8080)",
                        "0.yaml:17:22: services.api.discovery.authorization: is not text in ASCII (expected: such as"
                                + " token=... or Bearer ...)");
    }

    @Test
    void readsTags() {
        assertThat(
                        read(
                                "backend_port_override: '8080'\n    discovery: {method: ec2tag, tag_name: Name, tag_value: web}"))
                .isEqualTo(new Ec2TagConfig(
                        new TreeMap<>(Map.of("Name", List.of("web"))), 8_080, null, null, Duration.ofSeconds(15)));
        assertThat(
                        read(
                                "haproxy: {server_port_override: 81}\n    discovery: {method: ec2tag, tags: {a: b, c: [d, 1]},"
                                        + " aws_region: eu-west-1, aws_access_key_id: id, aws_secret_access_key: key, check_interval: 60}"))
                .isEqualTo(new Ec2TagConfig(
                        new TreeMap<>(Map.of("a", List.of("b"), "c", List.of("d", "1"))),
                        81,
                        "eu-west-1",
                        new Ec2TagConfig.Keys("id", "key"),
                        Duration.ofMinutes(1)));
    }

    @Test
    void readsTheNameThatSynapsesReadmeHasForTags() {
        assertThat(read("backend_port_override: 80\n    discovery: {method: awstag, tag_name: Name, tag_value: web}"))
                .isInstanceOf(Ec2TagConfig.class);
    }

    @Test
    void saysWhatIsWrongWithDocker() {
        assertThat(files.problems("""
                services:
                  web:
                    discovery:
                      method: docker
                      image_nam: web
                      container_port: 0
                      servers:
                        - "a b"
                        - {host: "*", port: 1}
                        - {host: h, port: x}
                        - {host: h, socket: rel}
                        - {host: h, port: 1, socket: /s}
                """))
                .containsExactly(
                        "0.yaml:4:7: services.web.discovery: has no image_name (expected: the name of an image)",
                        "0.yaml:5:7: services.web.discovery.image_nam: unknown key, did you mean image_name?",
                        "0.yaml:6:23: services.web.discovery.container_port: 0 (expected: 1..65535)",
                        "0.yaml:8:11: services.web.discovery.servers[0]: is not an address (expected: host:port,"
                                + " unix:///path, or a map with host and port, or socket)",
                        "0.yaml:9:18: services.web.discovery.servers[1].host: * (expected: an IP address or a host name)",
                        "0.yaml:10:27: services.web.discovery.servers[2].port: x (expected: 1..65535)",
                        "0.yaml:11:29: services.web.discovery.servers[3].socket: rel (expected: the path of a Unix"
                                + " socket)",
                        "0.yaml:12:38: services.web.discovery.servers[4].socket: is set beside port (expected: one of"
                                + " them)");
    }

    @Test
    void saysWhatIsWrongWithMarathonAndRepeatsNoPassword() {
        assertThat(files.problems("""
                services:
                  web:
                    discovery:
                      method: marathon
                      marathon_api_url: "ftp://me:secret@m.test"
                      marathon_api_path: "v2"
                      port_index: -1
                  api:
                    discovery:
                      method: marathon
                      marathon_api_url: "http://me:secret@m.test/marathon"
                      marathon_api_path: "/v2"
                      application_name: "a b"
                """))
                .containsExactly(
                        "0.yaml:4:7: services.web.discovery: has no application_name (expected: the name of an"
                                + " application)",
                        "0.yaml:5:25: services.web.discovery.marathon_api_url: is not a URL (expected: a URL such as"
                                + " http://marathon.example.com:8080)",
                        "0.yaml:6:26: services.web.discovery.marathon_api_path: v2 (expected: a path such as"
                                + " /v2/apps/%{app}/tasks)",
                        "0.yaml:7:19: services.web.discovery.port_index: -1 (expected: 0..1000)",
                        "0.yaml:11:25: warning: services.api.discovery.marathon_api_url: what follows host and port is"
                                + " not used: the path is that of marathon_api_path",
                        "0.yaml:12:26: warning: services.api.discovery.marathon_api_path: has no %{app} for the name",
                        "0.yaml:13:25: services.api.discovery.application_name: a b (expected: the name of an"
                                + " application)");
    }

    @Test
    void saysWhatIsWrongWithTagsAndRepeatsNoSecret() {
        String tags = " (expected: tag_name and tag_value, or tags: {name: value})";
        String port = " (expected: the port of the instances, since tags do not say: 1..65535)";
        assertThat(files.problems("""
                services:
                  web:
                    discovery: {method: ec2tag, tag_name: Name, aws_secret_access_key: secret, aws_region: EU}
                  api:
                    backend_port_override: "+1"
                    discovery: {method: ec2tag, tags: {a: []}}
                  old:
                    backend_port_override: 1
                    discovery: {method: ec2tag}
                """))
                .containsExactly(
                        "0.yaml:2:3: services.web: has no backend_port_override" + port,
                        "0.yaml:3:16: services.web.discovery: has only one of tag_name and tag_value" + tags,
                        "0.yaml:3:16: services.web.discovery: has only one of aws_access_key_id and"
                                + " aws_secret_access_key (expected: both, or none to use the credentials of the"
                                + " environment or the instance)",
                        "0.yaml:3:92: services.web.discovery.aws_region: EU (expected: a region such as eu-west-1)",
                        "0.yaml:5:28: services.api.backend_port_override: +1" + port,
                        "0.yaml:6:40: services.api.discovery.tags.a: has no value" + tags,
                        "0.yaml:9:16: services.old.discovery: has no tags" + tags);
    }

    private DiscoveryConfig read(String service) {
        return files.service("services:\n  web:\n    " + service + "\n").discovery();
    }
}
