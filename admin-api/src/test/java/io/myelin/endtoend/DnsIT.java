package io.myelin.endtoend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.myelin.discovery.testing.NameServer;
import io.myelin.discovery.testing.NameServer.Fault;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members behind names: scenario 25 of the acceptance list. */
@Timeout(60)
class DnsIT {
    private final NameServer names = new NameServer();
    private final HttpServer one = answering("127.0.0.1", 0, "one");
    private final HttpServer two = answering("127.0.0.2", one.getAddress().getPort(), "two");

    @TempDir
    Path directory;

    @BeforeEach
    void nameTheFirst() {
        names.addresses("web.test", 3_600, "127.0.0.1");
    }

    @AfterEach
    void closeAll() {
        one.stop(0);
        two.stop(0);
        names.close();
    }

    @Test
    void scenario25Dns() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml(""));
                Load load = Load.on(awaitPort(world), 4)) {
            Await.until("the first serves", () -> load.answers().containsKey("one"));

            names.addresses("web.test", 3_600, "127.0.0.2");
            long known = names.asked().size();
            Await.until("the second serves", () -> load.answers().containsKey("two"));
            assertThat(names.asked().size() - known)
                    .as("questions within a second, of which there are two every tenth of it")
                    .isLessThan(20);

            names.remove("web.test");
            long asked = names.asked().size();
            Await.until("the name was asked about again", () -> names.asked().size() > asked + 2);
            keepsServing(world, load);
            assertThat(state(world)).isEqualTo("live");

            names.fail(Fault.SERVFAIL);
            world.await("web", "the source is stale", service -> state(service).equals("stale"));
            keepsServing(world, load);
            names.close();
            assertThat(world.service("web").path("source").path("error").asText())
                    .contains("web.test");
            keepsServing(world, load);

            assertThat(load.stop()).isEmpty();
            assertThat(names.asked())
                    .isNotEmpty()
                    .allSatisfy(question -> assertThat(question).endsWith(" web.test"));
            assertThat(world.admin().metrics().sum("myelin_dns_queries_total"))
                    .isGreaterThanOrEqualTo(names.asked().size());
        }
    }

    @Test
    void withoutPreviousMembersANameThatIsGoneEmptiesThePool()
            throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml("use_previous_backends: false"));
                RawClient client = RawClient.to(awaitPort(world))) {
            assertThat(get(client).body()).isEqualTo("one");

            names.remove("web.test");
            world.awaitEligible("web", 0);

            assertThat(get(client).status()).isEqualTo(503);
            names.addresses("web.test", 0, "127.0.0.2");
            world.awaitEligible("web", 1);
            assertThat(get(client).body()).isEqualTo("two");
        }
    }

    @Test
    void theNameServerMayBeGoneAtTheStart() throws IOException, InterruptedException, StartException {
        names.fail(Fault.SILENCE);
        String fallback =
                "default_servers: [\"127.0.0.2:%d\"]".formatted(two.getAddress().getPort());
        try (World world = World.from(directory, yaml(fallback));
                RawClient client = RawClient.to(awaitPort(world))) {
            assertThat(get(client).body()).isEqualTo("two");

            names.fail(Fault.NONE);
            world.await("web", "the source is live", service -> state(service).equals("live"));
            world.await(
                    "web", "the name's address", service -> service.toString().contains("web_127.0.0.1:"));

            assertThat(get(client).body()).isEqualTo("one");
        }
    }

    private static void keepsServing(World world, Load load) {
        long before = load.requests();
        Await.until("traffic goes on", () -> load.requests() > before + 100);
        world.awaitEligible("web", 1);
    }

    private static int awaitPort(World world) {
        world.awaitEligible("web", 1);
        return world.port("web");
    }

    private static String state(World world) {
        return state(world.service("web"));
    }

    private static String state(JsonNode service) {
        return service.path("source").path("state").asText();
    }

    private static RawClient.Response get(RawClient client) throws IOException {
        return client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n").readResponse();
    }

    private static HttpServer answering(String address, int port, String body) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(address, port), 100);
            server.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, body.length());
                exchange.getResponseBody().write(body.getBytes(US_ASCII));
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String yaml(String more) {
        return """
                services:
                  web:
                    discovery:
                      method: dns
                      servers: [{name: web, host: web.test, port: %d}]
                      nameserver: %s
                      check_interval: 0.1
                      min_ttl: 100ms
                    %s
                    haproxy:
                      port: "0"
                      listen: [mode http, option redispatch]
                """.formatted(one.getAddress().getPort(), names.address(), more);
    }
}
