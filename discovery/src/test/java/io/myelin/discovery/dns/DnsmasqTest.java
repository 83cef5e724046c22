package io.myelin.discovery.dns;

import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.testing.Dnsmasq;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.model.Clock;
import io.myelin.model.SourceStatus.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a name server that people run. */
@Timeout(30)
class DnsmasqTest {
    @TempDir
    Path directory;

    private final RecordingSink sink = new RecordingSink();

    @Test
    void followsAddressesAndServicesOfDnsmasq() throws IOException {
        try (Dnsmasq dnsmasq =
                        Dnsmasq.start(directory, "--srv-host=_http._tcp.web.test,a.test,8001,1", "--local-ttl=1");
                RegistryLoop loop = new RegistryLoop("test")) {
            DnsResolution resolution = new Resolutions().on(loop);
            dnsmasq.hosts("10.0.0.1 a.test", "10.0.0.2 b.test", "2001:db8::2 b.test");
            DnsConfig config = new DnsConfig(
                    List.of(
                            DnsServer.of("", "b.test", 80),
                            DnsServer.ofService("", "_http._tcp.web.test"),
                            DnsServer.of("", "nobody.test", 80)),
                    new DnsOptions(
                            List.of(new Nameserver("127.0.0.1", dnsmasq.port())),
                            Duration.ofMillis(300),
                            Duration.ofMillis(100)));
            try (ServiceWatcher watcher = new DnsWatcher("web", config, sink, resolution, Clock.SYSTEM)) {
                watcher.start();
                sink.awaitAddresses("10.0.0.1:8001", "10.0.0.2:80", "[2001:db8::2]:80");
                sink.awaitState(State.LIVE);

                dnsmasq.hosts("10.0.0.7 a.test", "10.0.0.8 b.test");
                sink.awaitAddresses("10.0.0.7:8001", "10.0.0.8:80");

                dnsmasq.stop();
                sink.awaitState(State.STALE);
                sink.awaitAddresses("10.0.0.7:8001", "10.0.0.8:80");
            }
        }
    }
}
