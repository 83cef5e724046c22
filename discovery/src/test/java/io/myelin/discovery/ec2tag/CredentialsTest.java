package io.myelin.discovery.ec2tag;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.discovery.testing.ScriptedApi;
import io.myelin.discovery.testing.ScriptedApi.Request;
import io.myelin.model.Clock;
import io.myelin.model.SourceStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Credentials of containers and of instances, from endpoints that this test serves. Where they are it tells the SDK by
 * properties of the process, which nobody else may set meanwhile.
 */
@Timeout(60)
class CredentialsTest {
    private static final Duration SOON = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofHours(6);
    private static final String EMPTY = "<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>";
    private static final String INSTANCES = "<DescribeInstancesResponse><reservationSet><item><instancesSet><item>"
            + "<privateIpAddress>10.0.0.1</privateIpAddress></item></instancesSet></item></reservationSet>"
            + "</DescribeInstancesResponse>";

    @TempDir
    Path directory;

    private final ScriptedApi api = new ScriptedApi();
    private final ScriptedApi metadata = new ScriptedApi();
    private final Map<String, Supplier<String>> answers = new ConcurrentHashMap<>();
    private final Map<String, String> properties = new TreeMap<>();
    private final Watchers watchers = new Watchers(
            List.of(new Ec2TagProvider(
                    Duration.ofSeconds(2),
                    Map.of("AWS_ENDPOINT_URL", "http://127.0.0.1:" + api.port())::get,
                    bound -> bound - 1)),
            Clock.SYSTEM);
    private final RecordingSink sink = new RecordingSink();

    @BeforeEach
    void serve() {
        api.answer(EMPTY);
        metadata.answerBy(request -> {
            String path = request.line().substring(request.line().indexOf(' ') + 1);
            Supplier<String> answer = answers.get(path);
            return answer == null ? ScriptedApi.response(404, "") : ScriptedApi.response(200, answer.get());
        });
        set("aws.sharedCredentialsFile", directory.resolve("none").toString());
        set("aws.configFile", directory.resolve("none").toString());
    }

    @AfterEach
    void closeAll() {
        watchers.close();
        properties.keySet().forEach(System::clearProperty);
        api.close();
        metadata.close();
    }

    @Test
    void anInstanceAsksItsMetadataServiceForCredentialsAndRegion() {
        set("aws.ec2MetadataServiceEndpoint", "http://127.0.0.1:" + metadata.port());
        set("aws.ec2MetadataServiceTimeout", "20");
        answers.put("/latest/api/token", () -> "a-token");
        answers.put("/latest/dynamic/instance-identity/document", () -> "{\"region\": \"eu-central-1\"}");
        offerRole("AKIDINSTANCE", LONG);
        try (ServiceWatcher watcher = watch(null)) {
            watcher.start();
            sink.awaitAddresses();
            Eventually.holds("three questions", () -> api.requests().size() > 2);

            List<Request> seen = api.requests();
            Request last = seen.get(seen.size() - 1);
            assertThat(scope(last, "AKIDINSTANCE")).endsWith("/eu-central-1/ec2");
            assertThat(last.header("X-Amz-Security-Token")).isEqualTo("session of AKIDINSTANCE");
            List<Request> asked = metadata.requestsFor("/latest/");
            assertThat(asked)
                    .allSatisfy(request -> assertThat(request.header("x-aws-ec2-metadata-token"))
                            .isEqualTo("a-token"));
            assertThat(metadata.requestsFor("/latest/dynamic")).hasSize(1);
        }
    }

    @Test
    void credentialsOfAnInstanceAreRenewedBeforeTheyExpire() {
        set("aws.ec2MetadataServiceEndpoint", "http://127.0.0.1:" + metadata.port());
        set("aws.ec2MetadataServiceTimeout", "20");
        answers.put("/latest/api/token", () -> "a-token");
        offerRole("AKIDFIRST", Duration.ofSeconds(2));
        try (ServiceWatcher watcher = watch("eu-west-1")) {
            watcher.start();
            Eventually.holds("the first", () -> keys().contains("AKIDFIRST"));

            offerRole("AKIDSECOND", LONG);

            Eventually.holds("the second", () -> keys().contains("AKIDSECOND"));
            assertThat(sink.statuses()).extracting(status -> status.state()).doesNotContain(State.STALE);
        }
    }

    @Test
    void aContainerAsksTheUriOfItsEnvironment() {
        set("aws.containerCredentialsFullUri", "http://127.0.0.1:" + metadata.port() + "/v2/credentials");
        answers.put("/v2/credentials", () -> credentials("AKIDCONTAINER", LONG));
        try (ServiceWatcher watcher = watch("us-east-2")) {
            watcher.start();
            sink.awaitAddresses();

            assertThat(scope(api.requests().get(0), "AKIDCONTAINER")).endsWith("/us-east-2/ec2");
            assertThat(api.requests().get(0).header("X-Amz-Security-Token")).isEqualTo("session of AKIDCONTAINER");
        }
    }

    @Test
    void credentialsThatAreNotTakenAnyMoreAreAskedForAnew() {
        set("aws.containerCredentialsFullUri", "http://127.0.0.1:" + metadata.port() + "/v2/credentials");
        answers.put("/v2/credentials", () -> credentials("AKIDOLD", LONG));
        try (ServiceWatcher watcher = watch("us-east-2")) {
            watcher.start();
            sink.awaitAddresses();
            int before = metadata.requests().size();

            answers.put("/v2/credentials", () -> credentials("AKIDNEW", LONG));
            api.answerBy(request -> scope(request, "AKIDNEW").equals("none")
                    ? ScriptedApi.response(
                            400,
                            "<Response><Errors><Error><Code>RequestExpired</Code><Message>Request has expired.</Message>"
                                    + "</Error></Errors></Response>")
                    : ScriptedApi.response(200, INSTANCES));

            sink.awaitAddresses("10.0.0.1:8080");
            sink.awaitState(State.LIVE);
            assertThat(sink.statuses())
                    .anySatisfy(status -> assertThat(status.error()).endsWith("RequestExpired: Request has expired."));
            assertThat(metadata.requests()).hasSizeGreaterThan(before);
        }
    }

    @Test
    void aMetadataServiceThatFailsIsAskedAgain() {
        set("aws.containerCredentialsFullUri", "http://127.0.0.1:" + metadata.port() + "/v2/credentials");
        set("aws.disableEc2Metadata", "true");
        try (ServiceWatcher watcher = watch("us-east-2")) {
            watcher.start();
            Eventually.holds(
                    "the reason",
                    () -> !sink.statuses().isEmpty()
                            && sink.lastStatus().error().startsWith("AWS: "));
            assertThat(sink.lastStatus().state()).isEqualTo(State.STARTING);
            assertThat(api.requests()).isEmpty();

            answers.put("/v2/credentials", () -> credentials("AKIDLATE", LONG));

            sink.awaitAddresses();
            sink.awaitState(State.LIVE);
            assertThat(keys()).containsExactly("AKIDLATE");
        }
    }

    private ServiceWatcher watch(@Nullable String region) {
        return watchers.watch(
                "web",
                new Ec2TagConfig(new TreeMap<>(Map.of("Name", List.of("web"))), 8_080, region, null, SOON),
                sink);
    }

    private void set(String property, String value) {
        properties.put(property, value);
        System.setProperty(property, value);
    }

    private void offerRole(String key, Duration life) {
        for (String list : List.of("security-credentials", "security-credentials-extended")) {
            answers.put("/latest/meta-data/iam/" + list + "/", () -> "a-role");
            // Their life begins when they are asked for: the SDK keeps for minutes what has expired as it comes.
            answers.put("/latest/meta-data/iam/" + list + "/a-role", () -> credentials(key, life));
        }
    }

    private static String credentials(String key, Duration life) {
        Instant now = Instant.ofEpochMilli(Clock.SYSTEM.wallMillis());
        return """
                {"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "%s", "SecretAccessKey": "secret of %s",
                 "Token": "session of %s", "LastUpdated": "%s", "Expiration": "%s"}
                """.formatted(key, key, key, now, now.plus(life));
    }

    private static String scope(Request request, String key) {
        return new SignatureCheck(key, "secret of " + key).scope(request);
    }

    /** Returns the access keys that have signed requests. */
    private Set<String> keys() {
        return api.requests().stream()
                .map(request -> request.header("Authorization").replaceAll(".*Credential=([A-Z]+)/.*", "$1"))
                .collect(Collectors.toSet());
    }
}
