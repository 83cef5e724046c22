package io.myelin.discovery.resolved;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.dns.DnsOptions;
import io.myelin.discovery.dns.Nameserver;
import io.myelin.discovery.file.FileConfig;
import io.myelin.discovery.file.FileProvider;
import io.myelin.discovery.testing.NameServer;
import io.myelin.discovery.testing.NameServer.Fault;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.model.Clock;
import io.myelin.model.SourceStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ResolvedWatcherTest {
    @TempDir
    Path directory;

    private final NameServer server = new NameServer();
    private final Watchers watchers = new Watchers(List.of(new ResolvedProvider(), new FileProvider()), Clock.SYSTEM);
    private final RecordingSink sink = new RecordingSink();
    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        server.addresses("a.test", 0, "10.0.0.1", "10.0.0.2");
        file = Files.writeString(directory.resolve("web.json"), "[{\"host\": \"a.test\", \"port\": 80}]");
    }

    @AfterEach
    void close() {
        watchers.close();
        server.close();
    }

    @Test
    void whatTheSourceNamesIsDeliveredByItsAddresses() throws IOException {
        try (ServiceWatcher watcher = watch(new FileConfig(file, Duration.ofMillis(20)))) {
            watcher.start();
            sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");
            sink.awaitState(State.LIVE);

            server.addresses("a.test", 0, "10.0.0.3");
            sink.awaitAddresses("10.0.0.3:80");
            server.fail(Fault.SERVFAIL);
            sink.awaitState(State.STALE);

            assertThat(sink.addresses()).containsExactly("10.0.0.3:80");
            assertThat(sink.lastStatus().source()).isEqualTo("file " + file);
        }
    }

    @Test
    void namesOfDefaultServersAreResolvedWhereTheOthersAre() {
        server.addresses("default.test", 0, "10.0.0.8", "10.0.0.9");
        try (ServiceWatcher watcher = watch(new FileConfig(file, Duration.ofMillis(20)))) {
            watcher.start();
            sink.awaitResolved(Map.of("default.test", List.of("10.0.0.8", "10.0.0.9")));
            sink.awaitState(State.LIVE);

            server.fail(Fault.SERVFAIL);
            sink.awaitState(State.STALE);
            server.addresses("default.test", 0, "10.0.0.7");
            server.fail(Fault.NONE);
            sink.awaitResolved(Map.of("default.test", List.of("10.0.0.7")));
            assertThat(sink.resolved()).hasSize(2);
            server.remove("default.test");

            sink.awaitResolved(Map.of());
        }
    }

    @Test
    void nothingIsDeliveredAfterClosing() {
        ServiceWatcher watcher = watch(new FileConfig(file, Duration.ofMillis(20)));
        watcher.start();
        watcher.close();
        watcher.close();
        RecordingSink other = new RecordingSink();
        try (ServiceWatcher second =
                watchers.watch("web", config(new FileConfig(file, Duration.ofMillis(20))), other)) {
            second.start();
            other.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");
        }

        assertThat(sink.sets()).isEmpty();
    }

    @Test
    void aSourceThatNobodyKnowsIsRefused() {
        assertThatThrownBy(() -> watch(new DiscoveryConfig.Fixed()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Fixed (expected: a kind of registry on the class path)");
    }

    private ServiceWatcher watch(DiscoveryConfig source) {
        return watchers.watch("web", config(source), sink);
    }

    private ResolvedConfig config(DiscoveryConfig source) {
        Duration interval = Duration.ofMillis(50);
        DnsOptions options = new DnsOptions(List.of(new Nameserver("127.0.0.1", server.port())), interval, interval);
        return new ResolvedConfig(source, options, Set.of("default.test"));
    }
}
