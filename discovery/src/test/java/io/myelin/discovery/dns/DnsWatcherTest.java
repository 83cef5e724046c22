package io.myelin.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.polling.Totals;
import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.NameServer;
import io.myelin.discovery.testing.NameServer.Fault;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.SourceStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class DnsWatcherTest {
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration NEVER = Duration.ofHours(1);

    private final NameServer server = new NameServer();
    private final RegistryLoop loop = new RegistryLoop("test");
    private final Totals<DnsCount> totals = new Totals<>("dns", DnsCount.class);
    /** For name servers that do not answer; one that does is waited for, however slow this host is. */
    private final DnsResolution hasty =
            new DnsResolution(loop, totals, Duration.ofMillis(150), Path.of("/nowhere"), 53, bound -> bound - 1);

    private DnsResolution resolution =
            new DnsResolution(loop, totals, Duration.ofSeconds(10), Path.of("/nowhere"), 53, bound -> bound - 1);
    private final RecordingSink sink = new RecordingSink();
    private final List<ServiceWatcher> watchers = new ArrayList<>();

    @AfterEach
    void closeAll() {
        watchers.forEach(ServiceWatcher::close);
        loop.close();
        server.close();
    }

    @Test
    void deliversEveryAddressOfEveryName() {
        server.addresses("web.test", 60, "10.0.0.2", "10.0.0.1", "2001:db8::7");
        server.addresses("old.test", 60, "10.0.0.9");

        watch(
                NEVER,
                new DnsServer("new", "web.test", 80, RecordKind.ADDRESS, Map.of("rack", "b"), List.of()),
                DnsServer.of("", "old.test", 81));

        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80", "10.0.0.9:81", "[2001:db8::7]:80");
        sink.awaitState(State.LIVE);
        assertThat(sink.sets()).hasSize(1);
        assertThat(sink.sets().get(0).service()).isEqualTo("web");
        assertThat(sink.sets().get(0).origin()).isEqualTo("dns web.test old.test");
        assertThat(last()).first().isEqualTo(Endpoint.of("new", "10.0.0.1", 80).withLabels(Map.of("rack", "b")));
        assertThat(sink.statuses().get(0).state()).isEqualTo(State.STARTING);
    }

    @Test
    void asksAboutNothingButItsNames() {
        server.addresses("web.test", 0, "10.0.0.1");
        watch(SOON, DnsServer.of("", "web.test", 80));

        Eventually.holds("ten questions", () -> server.asked().size() > 10);

        assertThat(server.asked()).containsOnly("UDP A web.test", "UDP AAAA web.test");
    }

    @Test
    void asksTheSystemsNameServersAlongTheSearchList(@TempDir Path directory) throws IOException {
        Path file =
                Files.writeString(directory.resolve("resolv.conf"), "search one.test two.test\nnameserver 127.0.0.1\n");
        server.addresses("web.two.test", 60, "10.0.0.1");
        server.addresses("dotted.name", 60, "10.0.0.2");
        server.addresses("whole.one.test", 60, "10.9.9.9");
        server.addresses("whole", 60, "10.0.0.3");
        server.addresses("ns.two.test", 60, "127.0.0.1");
        DnsResolution system =
                new DnsResolution(loop, totals, Duration.ofSeconds(10), file, server.port(), bound -> bound - 1);
        DnsServer named = new DnsServer(
                "", "dotted.name", 81, RecordKind.A, Map.of(), List.of(new Nameserver("ns", server.port())));
        DnsConfig config = new DnsConfig(
                List.of(
                        new DnsServer("", "web", 80, RecordKind.A, Map.of(), List.of()),
                        new DnsServer("", "dotted.name", 80, RecordKind.A, Map.of(), List.of()),
                        new DnsServer("", "whole.", 80, RecordKind.A, Map.of(), List.of()),
                        named),
                DnsOptions.DEFAULT);
        ServiceWatcher watcher = new DnsWatcher("web", config, sink, system, Clock.SYSTEM);
        watchers.add(watcher);
        watcher.start();

        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80", "10.0.0.2:81", "10.0.0.3:80");
        assertThat(server.asked())
                .contains("UDP A web.one.test", "UDP A web.two.test", "UDP A ns.one.test", "UDP A ns.two.test")
                .doesNotContain("UDP A web", "UDP A dotted.name.one.test", "UDP A whole.one.test");
    }

    @Test
    void damagedAnswersDoNoLastingHarm() {
        resolution = hasty;
        server.alias("web.test", 0, "www.test");
        server.addresses("www.test", 0, "10.0.0.1", "2001:db8::1");
        server.service("_x._tcp.test", 0, 1, 1, 81, "web.test");
        server.fail(Fault.DAMAGE);
        watch(SOON, DnsServer.of("", "web.test", 80), DnsServer.ofService("", "_x._tcp.test"));

        Eventually.holds("a hundred questions", () -> server.asked().size() > 100);
        server.fail(Fault.NONE);

        sink.awaitAddresses("10.0.0.1:80", "10.0.0.1:81", "[2001:db8::1]:80", "[2001:db8::1]:81");
        sink.awaitState(State.LIVE);
        assertThat(sink.statuses())
                .allSatisfy(status -> assertThat(status.error()).doesNotContainPattern("\\p{Cntrl}"));
        assertThat(sink.sets().toString()).doesNotContainPattern("\\p{Cntrl}");
    }

    @Test
    void literalsAndLocalhostAreNotAskedAbout() {
        watch(SOON, DnsServer.of("", "10.0.0.1", 80), DnsServer.of("", "::1", 80), DnsServer.of("", "localhost", 81));

        sink.awaitAddresses("10.0.0.1:80", "[::1]:80", "127.0.0.1:81");
        sink.awaitState(State.LIVE);
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void anExpiredAnswerIsReplaced() {
        server.addresses("web.test", 0, "10.0.0.1");
        watch(NEVER, DnsServer.of("", "web.test", 80));
        sink.awaitAddresses("10.0.0.1:80");

        server.addresses("web.test", 0, "10.0.0.2", "10.0.0.3");

        sink.awaitAddresses("10.0.0.2:80", "10.0.0.3:80");
    }

    @Test
    void noAnswerIsBelievedForLongerThanTheInterval() {
        server.addresses("web.test", Integer.MAX_VALUE, "10.0.0.1");
        watch(SOON, DnsServer.of("", "web.test", 80));
        sink.awaitAddresses("10.0.0.1:80");

        server.addresses("web.test", Integer.MAX_VALUE, "10.0.0.2");

        sink.awaitAddresses("10.0.0.2:80");
    }

    @Test
    void theTimeToLiveDecidesBetweenTheBounds() {
        server.addresses("brief.test", 0, "10.0.0.1");
        server.addresses("long.test", 3_000, "10.0.0.2");

        watch(NEVER, DnsServer.of("", "brief.test", 80), DnsServer.of("", "long.test", 80));

        Eventually.holds("many questions about the brief one", () -> about("brief.test") > 10);
        assertThat(about("long.test")).isEqualTo(2);
    }

    @Test
    void anAnswerIsBelievedForTheShortestTimeWhateverItSays() {
        server.addresses("brief.test", 0, "10.0.0.1");
        server.addresses("eager.test", 0, "10.0.0.2");
        RecordingSink other = new RecordingSink();
        DnsOptions patient = new DnsOptions(List.of(nameserver(server)), NEVER, NEVER);

        watch(sink, new DnsConfig(List.of(DnsServer.of("", "brief.test", 80)), patient));
        watch(other, List.of(nameserver(server)), NEVER, DnsServer.of("", "eager.test", 80));

        sink.awaitAddresses("10.0.0.1:80");
        Eventually.holds("many questions about the eager one", () -> about("eager.test") > 10);
        assertThat(about("brief.test")).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"0, 3000", "3000, 0"})
    void aNameThatIsMissingIsAskedAboutAgainWhenItsZoneSays(long ttlSeconds, long minimum) {
        server.nothingHolds(ttlSeconds, minimum);
        server.addresses("bare.test", 3_000);
        watch(NEVER, DnsServer.of("", "gone.test", 80), DnsServer.of("", "bare.test", 81));
        sink.awaitAddresses();
        sink.awaitState(State.LIVE);

        server.addresses("gone.test", 3_000, "10.0.0.1");
        server.addresses("bare.test", 3_000, "10.0.0.2");

        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:81");
    }

    @Test
    void theZoneDecidesBetweenTheBoundsHowLongANameIsMissing() {
        server.nothingHolds(3_000, 3_000);
        server.addresses("brief.test", 0, "10.0.0.1");

        watch(NEVER, DnsServer.of("", "gone.test", 80), DnsServer.of("", "brief.test", 80));

        sink.awaitAddresses("10.0.0.1:80");
        Eventually.holds("many questions about the brief one", () -> about("brief.test") > 10);
        assertThat(about("gone.test")).isEqualTo(2);
    }

    @Test
    void aMissingNameIsAskedAboutOnceInTheIntervalAtLeast() {
        server.nothingHolds(3_000, 3_000);
        watch(SOON, DnsServer.of("", "gone.test", 80));
        sink.awaitAddresses();

        server.addresses("gone.test", 3_000, "10.0.0.1");

        sink.awaitAddresses("10.0.0.1:80");
    }

    @Test
    void aFamilyWithoutAddressesDoesNotShortenTheLifeOfTheOther() {
        server.nothingHolds(0, 0);
        server.addresses("v4.test", 3_000, "10.0.0.1");
        server.addresses("brief.test", 0, "10.0.0.2");

        watch(NEVER, DnsServer.of("", "v4.test", 80), DnsServer.of("", "brief.test", 80));

        Eventually.holds("many questions about the brief one", () -> about("brief.test") > 10);
        assertThat(about("v4.test")).isEqualTo(2);
    }

    @Test
    void anAliasOfNothingHoldsAsLongAsTheZoneSays() {
        server.nothingHolds(0, 0);
        server.alias("web.test", 3_000, "www.test");
        server.addresses("www.test", 3_000);
        watch(NEVER, DnsServer.of("", "web.test", 80));
        sink.awaitAddresses();

        server.addresses("www.test", 3_000, "10.0.0.1");

        sink.awaitAddresses("10.0.0.1:80");
    }

    @Test
    void anUnchangedAnswerIsNotDeliveredAgain() {
        server.addresses("web.test", 0, "10.0.0.1", "10.0.0.2");
        watch(SOON, DnsServer.of("", "web.test", 80));
        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");

        server.addresses("web.test", 0, "10.0.0.2", "10.0.0.1");
        long before = about("web.test");
        Eventually.holds("several more answers", () -> about("web.test") > before + 6);

        assertThat(sink.sets()).hasSize(1);
    }

    @Test
    void aNameThatDoesNotExistContributesNothing() {
        server.addresses("web.test", 0, "10.0.0.1");
        server.addresses("gone.test", 0, "10.0.0.2");
        watch(SOON, DnsServer.of("", "web.test", 80), DnsServer.of("", "gone.test", 80));
        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");

        server.remove("gone.test");

        sink.awaitAddresses("10.0.0.1:80");
        assertThat(sink.lastStatus().state()).isEqualTo(State.LIVE);
    }

    @Test
    void onlyAnswersEmptyTheSet() {
        server.addresses("web.test", 0, "10.0.0.1");
        watch(SOON, DnsServer.of("", "web.test", 80));
        sink.awaitAddresses("10.0.0.1:80");

        server.remove("web.test");
        sink.awaitAddresses();
        server.addresses("web.test", 0);
        server.addresses("web.test", 0, "10.0.0.3");

        sink.awaitAddresses("10.0.0.3:80");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVFAIL", "REFUSED", "SILENCE", "GARBAGE", "TRUNCATION_EVERYWHERE"})
    void anOutageKeepsTheLastSetAndPasses(Fault fault) {
        resolution = hasty;
        server.addresses("web.test", 0, "10.0.0.1", "10.0.0.2");
        watch(SOON, DnsServer.of("", "web.test", 80));
        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");
        sink.awaitState(State.LIVE);

        server.fail(fault);
        sink.awaitState(State.STALE);
        assertThat(sink.lastStatus().error()).contains("web.test").contains("127.0.0.1:" + server.port());
        assertThat(sink.sets()).hasSize(1);
        assertThat(totals.read(DnsCount.FAILED_LOOKUPS)).isPositive();
        assertThat(totals.read(DnsCount.FAILED_QUERIES)).isGreaterThan(1);

        server.fail(Fault.NONE);
        server.addresses("web.test", 0, "10.0.0.3");
        sink.awaitAddresses("10.0.0.3:80");
        sink.awaitState(State.LIVE);
    }

    @Test
    void anOutageAfterNothingWasFoundIsAnOutage() {
        watch(SOON, DnsServer.of("", "web.test", 80));
        sink.awaitAddresses();
        sink.awaitState(State.LIVE);

        server.fail(Fault.SERVFAIL);

        sink.awaitState(State.STALE);
        assertThat(sink.sets()).hasSize(1);
    }

    @Test
    void anOutageAtTheStartDeliversNothing() {
        server.fail(Fault.SERVFAIL);
        watch(SOON, DnsServer.of("", "web.test", 80));
        Eventually.holds(
                "the reason", () -> sink.lastStatus().error().contains("web.test A: ServFail(2), name server"));
        assertThat(sink.lastStatus().state()).isEqualTo(State.STARTING);
        assertThat(sink.sets()).isEmpty();

        server.addresses("web.test", 0, "10.0.0.1");
        server.fail(Fault.NONE);

        sink.awaitAddresses("10.0.0.1:80");
        sink.awaitState(State.LIVE);
    }

    @Test
    void aFailingNameHarmsOnlyItself() {
        server.addresses("web.test", 0, "10.0.0.1");
        server.addresses("ill.test", 0, "10.0.0.2");
        watch(SOON, DnsServer.of("", "web.test", 80), DnsServer.of("", "ill.test", 80));
        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");

        server.fail("ill.test", Fault.SERVFAIL);
        server.addresses("web.test", 0, "10.0.0.3");

        sink.awaitAddresses("10.0.0.2:80", "10.0.0.3:80");
        sink.awaitState(State.STALE);
    }

    @Test
    void aNameServerWithoutIpv6IsNoOutage() {
        server.addresses("web.test", 0, "10.0.0.1");
        server.fail(Fault.NO_IPV6);

        watch(SOON, DnsServer.of("", "web.test", 80));

        sink.awaitAddresses("10.0.0.1:80");
        sink.awaitState(State.LIVE);
    }

    @Test
    void anAddressFamilyThatFailsKeepsItsAddresses() {
        server.addresses("web.test", 0, "10.0.0.1", "2001:db8::1");
        watch(SOON, DnsServer.of("", "web.test", 80));
        sink.awaitAddresses("10.0.0.1:80", "[2001:db8::1]:80");

        server.fail(Fault.NO_IPV6);
        // No question that came before is still being answered.
        sink.awaitState(State.STALE);
        server.addresses("web.test", 0, "10.0.0.2", "2001:db8::2");

        sink.awaitAddresses("10.0.0.2:80", "[2001:db8::1]:80");
        sink.awaitState(State.STALE);
    }

    @Test
    void asksTheNextNameServerWhenOneIsSilent() {
        resolution = hasty;
        server.addresses("web.test", 0, "10.0.0.1");
        try (NameServer silent = new NameServer()) {
            silent.fail(Fault.SILENCE);
            watchAt(
                    List.of(new Nameserver("127.0.0.1", silent.port()), nameserver(server)),
                    NEVER,
                    DnsServer.of("", "web.test", 80));

            sink.awaitAddresses("10.0.0.1:80");
            sink.awaitState(State.LIVE);
            Eventually.holds("the silent one was asked", () -> !silent.asked().isEmpty());
        }
    }

    @Test
    void aServerMayHaveANameServerOfItsOwn() {
        server.addresses("web.test", 60, "10.0.0.1");
        try (NameServer other = new NameServer()) {
            other.addresses("web.test", 60, "10.9.9.9");

            watch(
                    NEVER,
                    DnsServer.of("", "web.test", 80),
                    new DnsServer("", "web.test", 80, RecordKind.ADDRESS, Map.of(), List.of(nameserver(other))));

            sink.awaitAddresses("10.0.0.1:80", "10.9.9.9:80");
        }
    }

    @Test
    void aTruncatedAnswerIsAskedForAgainOverTcp() {
        server.addresses("web.test", 0, "10.0.0.1", "10.0.0.2", "10.0.0.3");
        server.fail(Fault.TRUNCATION);

        watch(NEVER, DnsServer.of("", "web.test", 80));

        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");
        assertThat(server.asked()).contains("TCP A web.test");
    }

    @Test
    void followsAliasesInsideAndOutsideOfTheAnswer() {
        server.alias("web.test", 60, "www.test");
        server.alias("www.test", 60, "host.elsewhere");
        server.addresses("host.elsewhere", 60, "10.0.0.1");

        watch(NEVER, new DnsServer("", "web.test", 80, RecordKind.A, Map.of(), List.of()));

        sink.awaitAddresses("10.0.0.1:80");
        assertThat(server.asked()).containsExactly("UDP A web.test", "UDP A host.elsewhere");
    }

    @Test
    void anAliasThatExpiresIsAskedAboutAgain() {
        server.alias("web.test", 0, "blue.test");
        server.addresses("blue.test", 3_000, "10.0.0.1");
        server.addresses("green.test", 3_000, "10.0.0.2");
        watch(NEVER, DnsServer.of("", "web.test", 80));
        sink.awaitAddresses("10.0.0.1:80");

        server.alias("web.test", 0, "green.test");

        sink.awaitAddresses("10.0.0.2:80");
    }

    @Test
    void aliasesInACircleAreAnOutage() {
        server.alias("web.test", 0, "www.elsewhere");
        server.alias("www.elsewhere", 0, "web.elsewhere");
        server.alias("web.elsewhere", 0, "www.elsewhere");

        watch(SOON, DnsServer.of("", "web.test", 80));

        Eventually.holds("the reason", () -> sink.lastStatus().error().contains("lead nowhere"));
        assertThat(sink.sets()).isEmpty();
    }

    @Test
    void aServiceRecordTellsHostsPortsWeightsAndBackups() {
        server.service("_http._tcp.web.test", 60, 10, 60_000, 8_001, "a.test");
        server.service("_http._tcp.web.test", 60, 10, 30_000, 8_002, "b.test");
        server.service("_http._tcp.web.test", 60, 20, 0, 8_003, "c.test");
        server.addresses("a.test", 60, "10.0.0.1", "2001:db8::1");
        server.addresses("b.test", 60, "10.0.0.2");
        server.addresses("c.test", 60, "10.0.0.3");

        watch(NEVER, DnsServer.ofService("", "_http._tcp.web.test"));

        sink.awaitAddresses("10.0.0.1:8001", "10.0.0.2:8002", "10.0.0.3:8003", "[2001:db8::1]:8001");
        assertThat(last())
                .containsExactly(
                        Endpoint.of("a.test", "10.0.0.1", 8_001).withWeight(256),
                        Endpoint.of("b.test", "10.0.0.2", 8_002).withWeight(128),
                        Endpoint.of("c.test", "10.0.0.3", 8_003).withWeight(1).withBackup(true),
                        Endpoint.of("a.test", "2001:db8::1", 8_001).withWeight(256));
    }

    @Test
    void aServiceFollowsItsRecordsAndItsHosts() {
        server.service("_http._tcp.web.test", 0, 1, 0, 8_001, "a.test");
        server.addresses("a.test", 3_000, "10.0.0.1");
        watch(NEVER, DnsServer.ofService("web", "_http._tcp.web.test"));
        sink.awaitAddresses("10.0.0.1:8001");
        assertThat(last()).containsExactly(Endpoint.of("web", "10.0.0.1", 8_001));

        server.service("_http._tcp.web.test", 0, 1, 0, 8_002, "b.test");
        server.addresses("a.test", 3_000, "10.0.0.4");
        server.addresses("b.test", 3_000, "10.0.0.2");
        sink.awaitAddresses("10.0.0.2:8002", "10.0.0.4:8001");

        server.remove("_http._tcp.web.test");
        server.service("_http._tcp.web.test", 0, 0, 0, 1, ".");
        sink.awaitAddresses();
    }

    @Test
    void aHostOfAServiceThatFailsKeepsItsAddresses() {
        server.service("_http._tcp.web.test", 0, 1, 0, 8_001, "a.test");
        server.service("_http._tcp.web.test", 0, 1, 0, 8_002, "b.test");
        server.addresses("a.test", 0, "10.0.0.1");
        server.addresses("b.test", 0, "10.0.0.2");
        watch(SOON, DnsServer.ofService("", "_http._tcp.web.test"));
        sink.awaitAddresses("10.0.0.1:8001", "10.0.0.2:8002");

        server.fail("a.test", Fault.SERVFAIL);
        server.addresses("b.test", 0, "10.0.0.3");

        sink.awaitAddresses("10.0.0.1:8001", "10.0.0.3:8002");
        sink.awaitState(State.STALE);
    }

    @Test
    void recordsWithoutSenseAreLeftOut() {
        server.addresses("web.test", 60, "0.0.0.0", "10.0.0.1", "224.0.0.1", "::");
        server.add("web.test", NameServer.A, 60, new byte[] {1, 2, 3});
        server.add("_x._tcp.test", NameServer.SRV, 60, new byte[] {0, 1, 0, 1, 0, 80, 63, 'a'});
        server.service("_x._tcp.test", 60, 1, 1, 0, "web.test");
        server.service("_x._tcp.test", 60, 1, 1, 81, "a b\nc.test");
        server.service("_x._tcp.test", 60, 1, 1, 81, "web.test");

        watch(NEVER, DnsServer.of("", "web.test", 80), DnsServer.ofService("", "_x._tcp.test"));

        sink.awaitAddresses("10.0.0.1:80", "10.0.0.1:81");
        assertThat(totals.read(DnsCount.IGNORED_RECORDS)).isGreaterThanOrEqualTo(7);
    }

    @Test
    void aNameThatCannotBeAskedAboutIsAnOutageOfItsOwn() {
        server.addresses("web.test", 60, "10.0.0.1");

        watch(NEVER, DnsServer.of("", "web.test", 80), DnsServer.of("", "x".repeat(64) + ".test", 80));

        sink.awaitAddresses("10.0.0.1:80");
        Eventually.holds("the reason", () -> sink.lastStatus().error().contains("labels of 1 to 63 letters"));
    }

    @Test
    void hundredsOfNamesAreAskedAFewAtATime() {
        String[] expected = new String[300];
        DnsServer[] servers = new DnsServer[expected.length];
        IntStream.range(0, expected.length).forEach(index -> {
            String address = "10.0." + index / 200 + "." + (index % 200 + 1);
            server.addresses("h" + index + ".test", 3_000, address);
            servers[index] = DnsServer.of("", "h" + index + ".test", 80);
            expected[index] = address + ":80";
        });

        watch(NEVER, servers);

        sink.awaitAddresses(expected);
        assertThat(sink.sets()).hasSize(1);
        assertThat(totals.read(DnsCount.DELIVERIES)).isEqualTo(1);
    }

    @Test
    void deliversNothingAfterItWasClosed() {
        server.addresses("web.test", 0, "10.0.0.1");
        RecordingSink other = new RecordingSink();
        watch(SOON, DnsServer.of("", "web.test", 80));
        watch(other, List.of(nameserver(server)), SOON, DnsServer.of("", "web.test", 80));
        sink.awaitAddresses("10.0.0.1:80");
        other.awaitAddresses("10.0.0.1:80");

        watchers.get(0).close();
        watchers.get(0).close();
        watchers.get(0).start();
        server.addresses("web.test", 0, "10.0.0.2");

        other.awaitAddresses("10.0.0.2:80");
        assertThat(sink.addresses()).containsExactly("10.0.0.1:80");
    }

    @Test
    void aClosedResolutionIsSilent() {
        loop.close();

        watch(SOON, DnsServer.of("", "web.test", 80));

        assertThat(sink.sets()).isEmpty();
        assertThat(server.asked()).isEmpty();
    }

    private long about(String name) {
        return server.asked(question -> question.endsWith(" " + name));
    }

    private List<Endpoint> last() {
        return sink.lastSet().endpoints();
    }

    private void watch(Duration checkInterval, DnsServer... servers) {
        watchAt(List.of(nameserver(server)), checkInterval, servers);
    }

    private void watchAt(List<Nameserver> nameservers, Duration checkInterval, DnsServer... servers) {
        watch(sink, nameservers, checkInterval, servers);
    }

    private void watch(RecordingSink into, List<Nameserver> nameservers, Duration checkInterval, DnsServer... servers) {
        watch(into, new DnsConfig(List.of(servers), new DnsOptions(nameservers, checkInterval, SOON)));
    }

    private void watch(RecordingSink into, DnsConfig config) {
        ServiceWatcher watcher = new DnsWatcher("web", config, into, resolution, Clock.SYSTEM);
        watchers.add(watcher);
        watcher.start();
    }

    private static Nameserver nameserver(NameServer server) {
        return new Nameserver("127.0.0.1", server.port());
    }
}
