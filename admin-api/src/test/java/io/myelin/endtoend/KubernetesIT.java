package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.discovery.testing.KubernetesApi;
import io.myelin.discovery.testing.TestIdentity;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service that runs in Kubernetes, whose API server is asked with a token and over TLS. */
@Timeout(60)
class KubernetesIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";

    @TempDir
    Path directory;

    @Test
    void membersAreThePodsThatAreReadyAndServeThroughAnOutage()
            throws IOException, GeneralSecurityException, StartException, InterruptedException {
        TestIdentity identity = TestIdentity.in(directory);
        identity.certificate("ca.pem");
        Path token = Files.writeString(directory.resolve("token"), "first");
        try (KubernetesApi api = KubernetesApi.https(identity.context());
                LoopbackBackend one = LoopbackBackend.answering("one");
                LoopbackBackend two = LoopbackBackend.answering("two")) {
            api.demand("first");
            api.slice("shop", "web-1", "web", slice(one.port(), true));
            try (World world = World.from(directory, configuration(api));
                    RawClient client = RawClient.to(world.port("web"))) {
                awaitState(world, "web", "live");
                world.awaitEligible("web", 1);
                assertThat(body(client)).isEqualTo("one");
                JsonNode member = world.service("web").path("members").get(0);
                assertThat(member.toString()).contains("web-pod").contains("\"zone\":\"z1\"");
                String error =
                        awaitState(world, "stranger", "starting").path("error").asText();
                assertThat(error).contains("unable to find valid certification path");

                api.slice("shop", "web-1", "web", slice(one.port(), false));
                api.slice("shop", "web-2", "web", slice(two.port(), true));
                awaitBody(client, "two");

                api.stop();
                awaitState(world, "web", "stale");
                assertThat(body(client)).isEqualTo("two");
                assertThat(world.admin().metrics().sum("myelin_kubernetes_failed_requests_total"))
                        .isPositive();

                Files.writeString(token, "second");
                api.demand("second");
                api.slice("shop", "web-2", "web", slice(one.port(), true));
                api.start();
                awaitBody(client, "one");
                awaitState(world, "web", "live");
            }
        }
    }

    private String configuration(KubernetesApi api) {
        return """
                services:
                  web:
                    port: 0
                    discovery: {method: kubernetes, namespace: shop, service: web, api_url: "%1$s",
                                token_file: %2$s/token, ca_file: %2$s/ca.pem}
                  stranger:
                    port: 0
                    discovery: {method: kubernetes, service: web, api_url: "%1$s", token_file: %2$s/token}
                """.formatted(api.url(), directory);
    }

    private static JsonNode awaitState(World world, String service, String state) {
        return world.await(
                        service,
                        service + " is " + state,
                        found -> found.path("source").path("state").asText().equals(state)
                                && (state.equals("live")
                                        || !found.path("source")
                                                .path("error")
                                                .asText()
                                                .isEmpty()))
                .path("source");
    }

    private static void awaitBody(RawClient client, String body) {
        Await.until("answers of " + body, () -> {
            try {
                return body(client).equals(body);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static String body(RawClient client) throws IOException {
        return client.send(GET).readResponse().body();
    }

    private static String slice(int port, boolean ready) {
        return "{\"addressType\": \"IPv4\", \"ports\": [{\"name\": \"\", \"port\": " + port + "}], \"endpoints\":"
                + " [{\"addresses\": [\"127.0.0.1\"], \"conditions\": {\"ready\": " + ready + "}, \"zone\": \"z1\","
                + " \"targetRef\": {\"kind\": \"Pod\", \"name\": \"web-pod\"}}]}";
    }
}
