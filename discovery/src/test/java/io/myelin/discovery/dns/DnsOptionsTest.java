package io.myelin.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.model.Clock;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsOptionsTest {
    @ParameterizedTest
    @CsvSource({
        "30s, 1s, 0, 1s",
        "30s, 1s, 1, 1s",
        "30s, 1s, 17, 17s",
        "30s, 1s, 30, 30s",
        "30s, 1s, 31, 30s",
        "30s, 1s, 4294967295, 30s",
        "30s, 1s, 9223372036854775807, 30s",
        "30s, 1s, -5, 1s",
        "0.5s, 1s, 0, 0.5s",
        "0.5s, 1s, 100, 0.5s",
        "2.5s, 1s, 2, 2s",
        "2.5s, 1s, 3, 2.5s"
    })
    void anAnswerIsBelievedWithinBounds(String checkInterval, String minTtl, long ttlSeconds, String believed) {
        DnsOptions options =
                new DnsOptions(List.of(), Duration.parse("PT" + checkInterval), Duration.parse("PT" + minTtl));

        assertThat(options.believed(ttlSeconds)).isEqualTo(Duration.parse("PT" + believed));
    }

    @Test
    void refusesToAskWithoutEnd() {
        assertThatThrownBy(() -> new DnsOptions(List.of(), Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessage("check_interval: PT0S (expected: more than 0)");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1:53",
        "10.0.0.1:5353, 10.0.0.1:5353",
        "[::1]:5353, [::1]:5353",
        "[::1], [::1]:53",
        "2001:db8::1, [2001:db8::1]:53",
        "ns.example.com, ns.example.com:53",
        "ns.example.com:1053, ns.example.com:1053"
    })
    void aNameserverMayHaveAPort(String text, String read) {
        assertThat(Nameserver.parse(text)).hasToString(read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "10.0.0.1:0", "10.0.0.1:65536", "[::1", "ns:53:53x", "/etc/resolv.conf"})
    void whatIsNoNameserverIsNone(String text) {
        assertThat(Nameserver.parse(text)).isNull();
    }

    @Test
    void readsTheSystemsNameServersAndSearchList() {
        ResolverFile.Content content = ResolverFile.parse(
                List.of(
                        "# nameserver 9.9.9.9",
                        "; comment",
                        "",
                        "domain ignored.test",
                        "nameserver 10.0.0.1 # first",
                        "nameserver ::1",
                        "nameserver bogus",
                        "search one.test two.test.",
                        "options timeout:1 ndots:2"),
                53);

        assertThat(texts(content.servers())).containsExactly("10.0.0.1:53", "[::1]:53");
        assertThat(content.candidates("web")).containsExactly("web.one.test", "web.two.test", "web");
        assertThat(content.candidates("a.web")).containsExactly("a.web.one.test", "a.web.two.test", "a.web");
        assertThat(content.candidates("a.b.web")).startsWith("a.b.web");
        assertThat(content.candidates("web.")).containsExactly("web");
    }

    @Test
    void withoutANameServerThisHostsIsAsked() {
        assertThat(texts(ResolverFile.parse(List.of("search a.test"), 53).servers()))
                .containsExactly("127.0.0.1:53");
    }

    @Test
    void aSystemFileThatIsGoneIsRemembered(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("resolv.conf"), "nameserver 10.0.0.1");
        ResolverFile resolver = new ResolverFile(file, 53, new EverLater());
        assertThat(texts(resolver.content().servers())).containsExactly("10.0.0.1:53");

        Files.delete(file);
        assertThat(texts(resolver.content().servers())).containsExactly("10.0.0.1:53");
        Files.writeString(file, "nameserver 10.0.0.2");
        assertThat(texts(resolver.content().servers())).containsExactly("10.0.0.2:53");
    }

    private static List<String> texts(List<InetSocketAddress> addresses) {
        return addresses.stream().map(NetUtil::toSocketAddressString).toList();
    }

    /** A clock that shows a minute more whenever it is read. */
    private static final class EverLater implements Clock {
        private final AtomicLong minutes = new AtomicLong();

        @Override
        public long nanoTime() {
            return Duration.ofMinutes(minutes.incrementAndGet()).toNanos();
        }

        @Override
        public long wallMillis() {
            return 0;
        }
    }
}
