package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ports that several services share, and the sample files as they are shipped. */
@Timeout(60)
class FrontendIT {
    private static final Path EXAMPLES = Path.of("../config/examples");

    private static final String REFERENCE = "every-native-key.yaml";
    /** Its services that are to have no replicas. */
    private static final Set<String> WITHOUT_REPLICAS = Set.of("app", "app:admin", "app:secure", "cache");
    /** Every port in them has four digits; other numbers that have may change too. */
    /** The test asks operators' questions in plain HTTP. */
    private static final Pattern OPERATORS_TLS = Pattern.compile("(?m)^  tls: # operators .*\\n(?: {4}.*\\n)+");

    private static final Pattern PORT = Pattern.compile("\\b\\d{4}\\b");

    @TempDir
    Path directory;

    private final LoopbackBackend one = LoopbackBackend.answering("one");
    private final LoopbackBackend two = LoopbackBackend.answering("two");

    @AfterEach
    void closeAll() {
        one.close();
        two.close();
    }

    @Test
    void scenario11ASharedFrontendTellsServicesApartByDomain()
            throws IOException, InterruptedException, StartException {
        String yaml = """
                services:
                  svc:
                    default_servers: [{name: one, host: 127.0.0.1, port: %d}]
                    haproxy:
                      shared_frontend:
                        - "acl is_svc hdr_dom(host) -i svc.lb"
                        - "use_backend svc if is_svc"
                  other:
                    default_servers: [{name: two, host: 127.0.0.1, port: %d}]
                    haproxy:
                      shared_frontend:
                        - "acl is_other hdr_dom(host) -i other.lb"
                        - "acl is_other path_beg /other/"
                        - "use_backend other if is_other"
                haproxy:
                  shared_frontend: ["bind 127.0.0.1:0"]
                  defaults: ["mode http"]
                """.formatted(one.port(), two.port());
        try (World world = World.from(directory, yaml);
                RawClient client = RawClient.to(world.port("shared-frontend"))) {
            for (String host : List.of("svc.lb", "SVC.LB", "svc.lb:8081", "a.svc.lb.example.com")) {
                assertThat(body(client, host, "/")).as(host).isEqualTo("one");
            }
            assertThat(body(client, "other.lb", "/")).isEqualTo("two");
            assertThat(body(client, "unknown.example.com", "/other/x")).isEqualTo("two");
            assertThat(body(client, "svc.lb", "/other/x")).isEqualTo("one");
            for (String host : List.of("xsvc.lb", "svc.lbx", "unknown.example.com")) {
                RawClient.Response refused = ask(client, host, "/otherwise");
                assertThat(refused.status()).as(host).isEqualTo(503);
                assertThat(refused.header("X-Myelin-Failure")).as(host).isEqualTo("no_route");
            }

            assertThat(world.admin().metrics().sum("myelin_unrouted_failures_total", "reason=\"no_route\""))
                    .isEqualTo(3);
            assertThat(world.service("svc").path("counters").path("requests").asInt())
                    .isEqualTo(5);
            assertThat(one.received()).last().asString().containsIgnoringCase("host: svc.lb");
        }
    }

    @Test
    void nativeRoutesPreferWhatSaysMore() throws IOException, InterruptedException, StartException {
        String yaml = """
                services:
                  web:
                    servers: ["127.0.0.1:%d"]
                    routes: [{host: "*.example.com"}, {host: exact.example.com, path_prefix: /app}]
                  api:
                    port: 0
                    servers: ["127.0.0.1:%d"]
                    routes: [{host: exact.example.com}, {path: /status, method: GET}]
                frontends:
                  edge: {bind: ["127.0.0.1:0", "[::1]:0"]}
                """.formatted(one.port(), two.port());
        try (World world = World.from(directory, yaml);
                RawClient client = RawClient.to(world.port("edge"));
                RawClient direct = RawClient.to(world.port("api"))) {
            assertThat(body(client, "any.example.com", "/")).isEqualTo("one");
            assertThat(body(client, "EXACT.example.com", "/")).isEqualTo("two");
            assertThat(body(client, "exact.example.com:80", "/app/x?y")).isEqualTo("one");
            assertThat(body(client, "exact.example.com", "/apple")).isEqualTo("two");
            assertThat(body(client, "elsewhere", "/status?verbose")).isEqualTo("two");
            assertThat(ask(client, "elsewhere", "/status/x").header("X-Myelin-Failure"))
                    .isEqualTo("no_route");
            assertThat(ask(client, "example.com", "/").header("X-Myelin-Failure"))
                    .isEqualTo("no_route");
            assertThat(body(direct, "whatever", "/")).isEqualTo("two");
        }
    }

    static List<Path> examples() throws IOException {
        return filesIn(EXAMPLES);
    }

    private static List<Path> filesIn(Path examples) throws IOException {
        try (Stream<Path> files = Files.list(examples)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleStartsWithoutItsRegistry(Path example) throws IOException, InterruptedException, StartException {
        for (String beside : List.of("services.d", "pages", "tye")) {
            Path folder = Files.createDirectory(directory.resolve(beside));
            for (Path file : filesIn(EXAMPLES.resolve(beside))) {
                Files.writeString(folder.resolve(file.getFileName()), onFreePorts(Files.readString(file)));
            }
        }
        Path certificates = Files.createDirectory(directory.resolve("tls"));
        for (Path file : filesIn(EXAMPLES.resolve("tls"))) {
            Files.copy(file, certificates.resolve(file.getFileName()));
        }
        String text = OPERATORS_TLS.matcher(Files.readString(example)).replaceFirst("");
        Path file = Files.writeString(directory.resolve(example.getFileName()), onFreePorts(text));
        try (World world = World.of(file)) {
            assertThat(world.errors().lines().filter(line -> !line.contains(": warning: ")))
                    .isEmpty();
            assertThat(world.listeners().isEmpty())
                    .as("Nerve's file only announces")
                    .isEqualTo(example.endsWith("nerve.conf.json"));
            assertThat(world.listeners()).allSatisfy(listener -> {
                assertThat(listener.error()).as(listener.toString()).isNull();
                assertThat(listener.boundPort())
                        .isEqualTo(listener.configured().port())
                        .isGreaterThan(9_999);
            });
            assertThat(world.admin().get("/live").statusCode()).isEqualTo(200);

            Await.until(
                    "those without members are missing", () -> missing(world).equals(empty(world, example)));
            boolean complete = missing(world).isEmpty();
            assertThat(world.admin().get("/ready").statusCode()).isEqualTo(complete ? 200 : 503);
            assertThat(world.admin().json("/ready").path("status").asText()).isEqualTo(complete ? "ready" : "starting");
        }
    }

    private static Set<String> missing(World world) {
        Set<String> missing = new HashSet<>();
        world.admin().json("/ready").path("missing").forEach(name -> missing.add(name.asText()));
        return missing;
    }

    /** Returns the services that have no members and should. */
    private static Set<String> empty(World world, Path example) {
        Set<String> empty = new HashSet<>();
        for (JsonNode service : world.admin().json("/api/v1/services")) {
            if (service.path("memberCounts").path("total").asInt() == 0) {
                empty.add(service.path("name").asText());
            }
        }
        if (example.endsWith(REFERENCE)) {
            empty.removeAll(WITHOUT_REPLICAS);
        }
        return empty;
    }

    /** Returns the text with another port for each of its own, where nobody listens, so that no registry answers. */
    private static String onFreePorts(String text) throws IOException {
        List<String> written =
                PORT.matcher(text).results().map(MatchResult::group).distinct().toList();
        List<Integer> free = Ports.free(written.size());
        return PORT.matcher(text)
                .replaceAll(port -> free.get(written.indexOf(port.group())).toString());
    }

    private static String body(RawClient client, String host, String path) throws IOException {
        return ask(client, host, path).body();
    }

    private static RawClient.Response ask(RawClient client, String host, String path) throws IOException {
        return client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .readResponse();
    }
}
