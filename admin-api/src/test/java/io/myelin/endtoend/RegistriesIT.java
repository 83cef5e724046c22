package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.discovery.testing.ScriptedApi;
import io.myelin.launcher.MyelinProcess;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members that Docker, Marathon and EC2 name, in a process whose environment redirects what it asks of AWS. */
@Timeout(60)
class RegistriesIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";

    private final LoopbackBackend one = LoopbackBackend.answering("one");
    private final LoopbackBackend two = LoopbackBackend.answering("two");
    private final ScriptedApi docker = new ScriptedApi();
    private final ScriptedApi marathon = new ScriptedApi();
    private final ScriptedApi aws = new ScriptedApi();
    private final ScriptedApi metadata = new ScriptedApi();

    @TempDir
    Path directory;

    @AfterEach
    void closeAll() {
        one.close();
        two.close();
        docker.close();
        marathon.close();
        aws.close();
        metadata.close();
    }

    @Test
    void membersComeAndGoAsTheRegistriesSay() throws IOException {
        nameMembersAt(one.port());
        aws.answer(instances("127.0.0.1"));
        metadata.answerBy(RegistriesIT::metadata);
        docker.stream("/events");
        marathon.stream("/v2/events");
        try (Child child = start();
                RawClient containers = RawClient.to(child.port("containers"));
                RawClient tasks = RawClient.to(child.port("tasks"));
                RawClient instances = RawClient.to(child.port("instances"))) {
            for (String service : new String[] {"containers", "tasks", "instances"}) {
                await(child, service, found -> state(found).equals("live") && members(found) == 1);
            }
            assertThat(body(containers)).isEqualTo("one");
            assertThat(body(tasks)).isEqualTo("one");
            assertThat(body(instances)).isEqualTo("one");

            assertThat(aws.requests().get(0).header("Authorization"))
                    .contains("Credential=AKIDEXAMPLE/")
                    .contains("/eu-west-1/ec2/");
            Await.until("both tell of changes", () -> docker.streams() == 1 && marathon.streams() == 1);

            nameMembersAt(two.port());
            docker.push("{\"Action\": \"start\", \"from\": \"web:1\"}\n");
            marathon.push("data: {\"appId\": \"/web\"}\n\n");
            awaitBody(containers, "two");
            awaitBody(tasks, "two");
            Await.until("the hint is counted", () -> child.admin().metrics().sum("myelin_docker_hints_total") > 0);

            docker.streamNothing();
            marathon.streamNothing();
            nameMembersAt(one.port());
            awaitBody(containers, "one");
            awaitBody(tasks, "one");
            nameMembersAt(two.port());
            awaitBody(containers, "two");
            awaitBody(tasks, "two");

            docker.answer(500, "");
            marathon.answer("{}");
            aws.answer(503, "<Response><Errors><Error><Code>RequestLimitExceeded</Code></Error></Errors></Response>");
            for (String service : new String[] {"containers", "tasks", "instances"}) {
                await(child, service, found -> state(found).equals("stale"));
            }
            assertThat(body(containers)).isEqualTo("two");
            assertThat(body(tasks)).isEqualTo("two");
            assertThat(body(instances)).isEqualTo("one");
            assertThat(child.admin()
                            .service("instances")
                            .path("source")
                            .path("error")
                            .asText())
                    .endsWith("status 503 RequestLimitExceeded");
            assertThat(child.admin().service("tasks").toString()).doesNotContain("secret");
            for (String registry : new String[] {"docker", "marathon", "ec2tag"}) {
                assertThat(child.admin().metrics().sum("myelin_" + registry + "_failed_polls_total"))
                        .isPositive();
            }
        }
    }

    private void nameMembersAt(int port) {
        docker.answer("[{\"Image\": \"web:1\", \"Ports\": [{\"PrivatePort\": 80, \"PublicPort\": " + port
                + ", \"Type\": \"tcp\"}]}]");
        marathon.answer("{\"tasks\": [{\"host\": \"127.0.0.1\", \"ports\": [" + port + "], \"startedAt\": \"2026\"}]}");
    }

    private Child start() throws IOException {
        Path file = Files.writeString(
                directory.resolve("myelin.yaml"), """
                services:
                  containers:
                    port: 0
                    discovery: {method: docker, image_name: web, container_port: 80, check_interval: 0.1,
                                servers: [{host: 127.0.0.1, port: %d}]}
                  tasks:
                    port: 0
                    discovery: {method: marathon, application_name: web, check_interval: 0.1,
                                marathon_api_url: "http://me:secret@127.0.0.1:%d"}
                  instances:
                    port: 0
                    backend_port_override: %d
                    discovery: {method: ec2tag, tag_name: Name, tag_value: web, check_interval: 0.1}
                """.formatted(docker.port(), marathon.port(), one.port()));
        MyelinProcess process = MyelinProcess.startWith(
                Map.of(
                        "AWS_ENDPOINT_URL",
                        "http://127.0.0.1:" + aws.port(),
                        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                        "http://127.0.0.1:" + metadata.port() + "/credentials",
                        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                        "http://127.0.0.1:" + metadata.port()),
                "run",
                "-c",
                file.toString());
        String line = process.awaitLine(any -> any.startsWith("admin "));
        Child child = new Child(process, Admin.at(line.substring("admin ".length())), file);
        Await.until("the file is read", () -> child.admin().reloads() == 1);
        return child;
    }

    /** Answers as the endpoints of a container's credentials and of an instance's metadata do. */
    private static String metadata(ScriptedApi.Request request) {
        String path = request.line().substring(request.line().indexOf(' ') + 1);
        return switch (path) {
            case "/credentials" ->
                ScriptedApi.response(
                        200,
                        "{\"AccessKeyId\": \"AKIDEXAMPLE\", \"SecretAccessKey\": \"secret\", \"Token\": \"t\","
                                + " \"Expiration\": \"2099-01-01T00:00:00Z\"}");
            case "/latest/api/token" -> ScriptedApi.response(200, "a-token");
            case "/latest/dynamic/instance-identity/document" ->
                ScriptedApi.response(200, "{\"region\": \"eu-west-1\"}");
            default -> ScriptedApi.response(404, "");
        };
    }

    private static void await(Child child, String service, Predicate<JsonNode> wanted) {
        child.admin().await("/api/v1/services/" + service, service + " as its registry says", wanted);
    }

    private static String state(JsonNode service) {
        return service.path("source").path("state").asText();
    }

    private static int members(JsonNode service) {
        return service.path("members").size();
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

    private static String instances(String address) {
        return "<DescribeInstancesResponse><reservationSet><item><instancesSet><item><privateDnsName>ip</privateDnsName>"
                + "<privateIpAddress>" + address + "</privateIpAddress></item></instancesSet></item></reservationSet>"
                + "</DescribeInstancesResponse>";
    }
}
