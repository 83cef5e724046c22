package io.myelin.discovery.ec2tag;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.ec2tag.Ec2TagConfig.Keys;
import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.discovery.testing.ScriptedApi;
import io.myelin.discovery.testing.ScriptedApi.Request;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.SourceStatus.State;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class Ec2TagWatcherTest {
    private static final Duration SOON = Duration.ofMillis(30);
    private static final Keys KEYS = new Keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    private static final Map<String, List<String>> WEB = Map.of("Name", List.of("web"));

    private final ScriptedApi api = new ScriptedApi();
    private final Map<String, String> environment =
            new ConcurrentHashMap<>(Map.of("AWS_ENDPOINT_URL", "http://127.0.0.1:" + api.port()));
    private final Ec2TagProvider provider =
            new Ec2TagProvider(Duration.ofSeconds(10), environment::get, bound -> bound - 1);
    private final Watchers watchers = new Watchers(List.of(provider), Clock.SYSTEM);
    private final RecordingSink sink = new RecordingSink();
    private final List<ServiceWatcher> started = new ArrayList<>();

    @AfterEach
    void closeAll() {
        started.forEach(ServiceWatcher::close);
        watchers.close();
        api.close();
    }

    @Test
    void deliversTheInstancesThatTheApiNames() {
        api.answer(page("", instance("ip-10-0-0-2", "10.0.0.2"), instance("ip-10-0-0-1", "10.0.0.1")));

        watch(WEB);

        sink.awaitAddresses("10.0.0.1:8080", "10.0.0.2:8080");
        sink.awaitState(State.LIVE);
        assertThat(sink.sets().get(0).endpoints()).first().isEqualTo(Endpoint.of("ip-10-0-0-1", "10.0.0.1", 8_080));
        assertThat(sink.lastStatus().source()).isEqualTo("ec2tag Name=web");
        assertThat(form(api.requests().get(0)))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "Action", "DescribeInstances",
                        "Version", "2016-11-15",
                        "MaxResults", "1000",
                        "Filter.1.Name", "tag:Name",
                        "Filter.1.Value.1", "web",
                        "Filter.2.Name", "instance-state-name",
                        "Filter.2.Value.1", "running"));
    }

    @Test
    void everyRequestIsSigned() {
        api.answer(page(""));

        watch(WEB);

        Eventually.holds("three requests", () -> api.requests().size() > 2);
        SignatureCheck check = new SignatureCheck(KEYS.accessKeyId(), KEYS.secretAccessKey());
        assertThat(api.requests()).allSatisfy(request -> {
            assertThat(request.line()).isEqualTo("POST /");
            assertThat(check.scope(request)).matches("\\d{8}/eu-west-1/ec2");
        });
        Request first = api.requests().get(0);
        assertThat(new SignatureCheck(KEYS.accessKeyId(), "another").scope(first))
                .isEqualTo("none");
        assertThat(check.scope(new Request(first.head(), first.body() + "&"))).isEqualTo("none");
    }

    @Test
    void severalTagsMustAllHoldWithAnyOfTheirValues() {
        api.answer(page(""));

        watch(new TreeMap<>(Map.of("role", List.of("web & api", "all=ü"), "stage", List.of("prod"))));

        sink.awaitAddresses();
        assertThat(form(api.requests().get(0)))
                .containsEntry("Filter.1.Name", "tag:role")
                .containsEntry("Filter.1.Value.1", "web & api")
                .containsEntry("Filter.1.Value.2", "all=ü")
                .containsEntry("Filter.2.Name", "tag:stage")
                .containsEntry("Filter.2.Value.1", "prod")
                .containsEntry("Filter.3.Name", "instance-state-name");
        assertThat(sink.lastStatus().source()).isEqualTo("ec2tag role=web & api|all=ü stage=prod");
    }

    @Test
    void readsEveryPage() {
        api.answerBy(request -> {
            String token = form(request).getOrDefault("NextToken", "");
            return ScriptedApi.response(
                    200,
                    switch (token) {
                        case "" -> page("se+cond/==", instance("a", "10.0.0.1"));
                        case "se+cond/==" -> page("third", instance("b", "10.0.0.2"));
                        default -> page("", instance("c", "10.0.0.3"));
                    });
        });

        watch(WEB);

        sink.awaitAddresses("10.0.0.1:8080", "10.0.0.2:8080", "10.0.0.3:8080");
        assertThat(sink.sets()).hasSize(1);
    }

    @Test
    void pagesWithoutEndAreAnError() {
        api.answer(page("again", instance("a", "10.0.0.1")));

        watch(WEB);

        Eventually.holds("the reason", () -> sink.lastStatus().error().contains("more than 100 pages"));
        assertThat(sink.sets()).isEmpty();
    }

    @Test
    void aFailingPageDeliversNothingOfTheOthers() {
        api.answer(page("", instance("a", "10.0.0.1"), instance("b", "10.0.0.2")));
        watch(WEB);
        sink.awaitAddresses("10.0.0.1:8080", "10.0.0.2:8080");

        api.answerBy(request -> form(request).containsKey("NextToken")
                ? ScriptedApi.response(500, "")
                : ScriptedApi.response(200, page("more", instance("a", "10.0.0.1"))));

        sink.awaitState(State.STALE);
        assertThat(sink.sets()).hasSize(1);
    }

    @Test
    void throttlingKeepsTheSetAndIsAnsweredWithPatience() {
        api.answer(page("", instance("a", "10.0.0.1")));
        watch(WEB);
        sink.awaitState(State.LIVE);

        long begunNanos = Clock.SYSTEM.nanoTime();
        api.answer(
                503,
                "<?xml version=\"1.0\"?><Response><Errors><Error><Code>RequestLimitExceeded</Code>"
                        + "<Message>Request limit exceeded.</Message></Error></Errors><RequestID>x</RequestID></Response>");
        sink.awaitState(State.STALE);
        assertThat(sink.lastStatus().error())
                .isEqualTo("http://127.0.0.1:" + api.port()
                        + ": status 503 RequestLimitExceeded: Request limit exceeded.");
        assertThat(sink.sets()).hasSize(1);
        Eventually.holds("five refusals", () -> failures() >= 5);
        // Pauses of 30, 60, 120 and 240 ms lie between them.
        assertThat(Duration.ofNanos(Clock.SYSTEM.nanoTime() - begunNanos)).isGreaterThan(Duration.ofMillis(440));

        api.answer(page("", instance("b", "10.0.0.2")));
        sink.awaitAddresses("10.0.0.2:8080");
        sink.awaitState(State.LIVE);
        assertThat(provider.counts().get("ec2tag_failed_polls_total")).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "<DescribeInstancesResponse>",
                "<DescribeInstancesResponse/>",
                "<Other><reservationSet/></Other>",
                "<!DOCTYPE x [<!ENTITY a \"b\">]><DescribeInstancesResponse><reservationSet/><nextToken>&a;</nextToken>"
                        + "</DescribeInstancesResponse>",
                "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><DescribeInstancesResponse><reservationSet>&a;"
                        + "</reservationSet></DescribeInstancesResponse>"
            })
    void whatIsNoListOfInstancesEmptiesNoPool(String answer) {
        assertThatThrownBy(() -> InstancesPage.parse(answer.getBytes(UTF_8))).isInstanceOf(XMLStreamException.class);
    }

    @Test
    void endlessNestingIsRefused() {
        String deep = "<a>".repeat(5_000);

        assertThatThrownBy(() -> InstancesPage.parse(deep.getBytes(UTF_8)))
                .hasMessageContaining("more than 100 elements deep");
    }

    @Test
    void instancesWithoutAPrivateAddressAreLeftOut() throws XMLStreamException {
        InstancesPage page = InstancesPage.parse(page("", "<item><privateDnsName/></item>", instance("a", "10.0.0.1"))
                .getBytes(UTF_8));

        assertThat(page.instances()).containsExactly(new InstancesPage.Instance("a", "10.0.0.1"));
    }

    @Test
    void thePathOfTheEndpointIsUsed() {
        environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:1/none");
        environment.put("AWS_ENDPOINT_URL_EC2", "http://localhost:" + api.port() + "/ec2");
        api.answer(page(""));

        watch(WEB);

        sink.awaitAddresses();
        assertThat(api.requests().get(0).line()).isEqualTo("POST /ec2");
        assertThat(new SignatureCheck(KEYS.accessKeyId(), KEYS.secretAccessKey())
                        .scope(api.requests().get(0)))
                .endsWith("/ec2");
    }

    @Test
    void anEndpointThatIsNoneIsSaid() {
        environment.put("AWS_ENDPOINT_URL", "somewhere");

        watch(WEB);

        Eventually.holds("the reason", () -> sink.lastStatus().error().startsWith("AWS_ENDPOINT_URL: not a URL"));
    }

    /** Sets properties of the process: the SDK reads nothing else that a test could set. */
    @Test
    void credentialsAndRegionComeFromTheChainOfTheSdk() {
        Map<String, String> properties = Map.of(
                "aws.accessKeyId",
                "AKIDCHAIN",
                "aws.secretAccessKey",
                "chained",
                "aws.sessionToken",
                "session",
                "aws.region",
                "us-west-2");
        properties.forEach(System::setProperty);
        try {
            api.answer(page(""));
            watch(new Ec2TagConfig(new TreeMap<>(WEB), 8_080, null, null, SOON));
            sink.awaitAddresses();

            Request request = api.requests().get(0);
            assertThat(new SignatureCheck("AKIDCHAIN", "chained").scope(request))
                    .endsWith("/us-west-2/ec2");
            assertThat(request.header("X-Amz-Security-Token")).isEqualTo("session");
        } finally {
            properties.keySet().forEach(System::clearProperty);
        }
    }

    @Test
    void withoutCredentialsTheReasonIsSaidAndNothingIsAsked() {
        Map<String, String> properties = Map.of(
                "aws.disableEc2Metadata", "true", "aws.profile", "nobody-has-this-profile", "aws.region", "us-west-2");
        properties.forEach(System::setProperty);
        try {
            watch(new Ec2TagConfig(new TreeMap<>(WEB), 8_080, null, null, SOON));

            Eventually.holds("the reason", () -> sink.lastStatus().error().startsWith("AWS: "));
            assertThat(sink.lastStatus().state()).isEqualTo(State.STARTING);
            assertThat(api.requests()).isEmpty();
        } finally {
            properties.keySet().forEach(System::clearProperty);
        }
    }

    @Test
    void tellsNobodyTheSecret() {
        assertThat(config(WEB).toString()).contains("AKIDEXAMPLE").doesNotContain("wJalr");
    }

    @Test
    void aThousandInstancesAreOneSet() {
        String[] instances = IntStream.range(0, 1_000)
                .mapToObj(index -> instance("i" + index, "10.0." + index / 250 + "." + (index % 250 + 1)))
                .toArray(String[]::new);
        api.answer(page("", instances));

        watch(WEB);

        Eventually.holds("all of them", () -> sink.addresses().size() == 1_000);
        assertThat(sink.sets()).hasSize(1);
    }

    private long failures() {
        return provider.counts().getOrDefault("ec2tag_failed_polls_total", 0L);
    }

    private void watch(Map<String, List<String>> tags) {
        watch(config(tags));
    }

    private void watch(Ec2TagConfig config) {
        ServiceWatcher watcher = watchers.watch("web", config, sink);
        started.add(watcher);
        watcher.start();
    }

    private static Ec2TagConfig config(Map<String, List<String>> tags) {
        return new Ec2TagConfig(new TreeMap<>(tags), 8_080, "eu-west-1", KEYS, SOON);
    }

    private static Map<String, String> form(Request request) {
        Map<String, String> form = new TreeMap<>();
        for (String field : request.body().split("&", -1)) {
            int equals = field.indexOf('=');
            form.put(field.substring(0, equals), URLDecoder.decode(field.substring(equals + 1), UTF_8));
        }
        return form;
    }

    /** Two reservations, in the shape of EC2's answers, with what is not read. */
    private static String page(String nextToken, String... instances) {
        String first = instances.length == 0 ? "" : instances[0];
        String rest = String.join("", List.of(instances).subList(Math.min(1, instances.length), instances.length));
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + "<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\n"
                + "  <requestId>8f7724cf-496f-496e-8fe3-example</requestId>\n  <reservationSet>\n"
                + reservation(first) + reservation(rest) + "  </reservationSet>\n"
                + (nextToken.isEmpty() ? "" : "  <nextToken>" + nextToken + "</nextToken>\n")
                + "</DescribeInstancesResponse>";
    }

    private static String reservation(String instances) {
        return "<item><reservationId>r-1</reservationId><groupSet><item><groupName>x</groupName></item></groupSet>"
                + "<instancesSet>" + instances + "</instancesSet></item>\n";
    }

    private static String instance(String dnsName, String address) {
        return "<item><instanceId>i-1</instanceId><instanceState><code>16</code><name>running</name></instanceState>"
                + "<privateDnsName>" + dnsName + "</privateDnsName><privateIpAddress>" + address
                + "</privateIpAddress><tagSet><item><key>Name</key><value>web</value></item></tagSet>"
                + "<networkInterfaceSet><item><privateDnsName>other</privateDnsName>"
                + "<privateIpAddress>10.9.9.9</privateIpAddress></item></networkInterfaceSet></item>";
    }
}
