package io.myelin.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.polling.Totals;
import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.NameServer;
import io.myelin.discovery.testing.NameServer.Fault;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.SourceStatus;
import io.myelin.model.SourceStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ResolvingSinkTest {
    private final NameServer server = new NameServer();
    private final RegistryLoop loop = new RegistryLoop("test");
    private final Totals<DnsCount> totals = new Totals<>("dns", DnsCount.class);
    private final DnsResolution resolution =
            new DnsResolution(loop, totals, Duration.ofMillis(150), Path.of("/nowhere"), 53, bound -> bound - 1);
    private final RecordingSink sink = new RecordingSink();
    private final ResolvingSink stage = new ResolvingSink(
            resolution,
            new DnsOptions(
                    List.of(new Nameserver("127.0.0.1", server.port())), Duration.ofMillis(50), Duration.ofMillis(50)),
            sink,
            Clock.SYSTEM);

    @BeforeEach
    void addRecords() {
        server.addresses("a.test", 0, "10.0.0.1", "10.0.0.2");
        server.addresses("b.test", 0, "10.0.0.3");
    }

    @AfterEach
    void closeAll() {
        stage.close();
        loop.close();
        server.close();
    }

    @Test
    void anEndpointBecomesAsManyAsItsHostHasAddresses() {
        Endpoint named = Endpoint.of("i-1", "a.test", 80)
                .withWeight(7)
                .withBackup(true)
                .withLabels(Map.of("zone", "x"))
                .withOptions("weight 7")
                .withSequence(9L);

        deliver(named, Endpoint.of("i-2", "10.9.9.9", 81), Endpoint.ofUnix("u", "/run/x.sock"));

        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80", "10.9.9.9:81", "/run/x.sock");
        assertThat(sink.sets().get(0).origin()).isEqualTo("registry 1");
        assertThat(sink.sets().get(0).endpoints())
                .contains(Endpoint.of("i-1", "10.0.0.1", 80)
                        .withWeight(7)
                        .withBackup(true)
                        .withLabels(Map.of("zone", "x"))
                        .withOptions("weight 7")
                        .withSequence(9L));
    }

    @Test
    void namesAndAddressesMayChange() {
        deliver(Endpoint.of("", "a.test", 80), Endpoint.of("", "b.test", 80));
        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");

        server.addresses("a.test", 0, "10.0.0.4");
        sink.awaitAddresses("10.0.0.3:80", "10.0.0.4:80");
        deliver(Endpoint.of("", "a.test", 80));
        sink.awaitAddresses("10.0.0.4:80");
        deliver();
        sink.awaitAddresses();
    }

    @Test
    void anEndpointOfTheSameHostAtAnotherPortIsNotAskedAboutTwice() {
        Duration never = Duration.ofHours(1);
        DnsResolution patient =
                new DnsResolution(loop, totals, Duration.ofSeconds(10), Path.of("/nowhere"), 53, bound -> bound - 1);
        DnsOptions options = new DnsOptions(List.of(new Nameserver("127.0.0.1", server.port())), never, never);
        try (ResolvingSink once = new ResolvingSink(patient, options, sink, Clock.SYSTEM)) {
            once.replace(new EndpointSet(
                    "web", List.of(Endpoint.of("", "b.test", 80), Endpoint.of("", "b.test", 81)), "registry 1"));
            sink.awaitAddresses("10.0.0.3:80", "10.0.0.3:81");
        }

        assertThat(server.asked()).containsExactlyInAnyOrder("UDP A b.test", "UDP AAAA b.test");
    }

    @Test
    void isLiveWhenTheSourceIsAndEveryNameIsResolved() {
        server.fail(Fault.SERVFAIL);
        report(State.STARTING);
        sink.awaitState(State.STARTING);
        deliver(Endpoint.of("", "a.test", 80));
        report(State.LIVE);
        Eventually.holds("the reason", () -> sink.lastStatus().error().contains("a.test"));
        assertThat(sink.lastStatus().state()).isEqualTo(State.STARTING);

        server.fail(Fault.NONE);
        sink.awaitState(State.LIVE);
        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");
        server.fail(Fault.SILENCE);
        sink.awaitState(State.STALE);
        assertThat(sink.addresses()).hasSize(2);

        server.fail(Fault.NONE);
        sink.awaitState(State.LIVE);
        report(State.STALE);
        sink.awaitState(State.STALE);
        assertThat(sink.lastStatus().error()).isEqualTo("of the source");
    }

    private void deliver(Endpoint... endpoints) {
        stage.replace(new EndpointSet("web", List.of(endpoints), "registry 1"));
    }

    private void report(State state) {
        stage.status(new SourceStatus("registry", state, 1, 1, state == State.STALE ? "of the source" : ""));
    }
}
