package io.myelin.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.MemberCounter;
import io.myelin.model.MemberTls;
import io.myelin.model.NameSource;
import io.myelin.model.ProxyVersion;
import io.myelin.pool.UpstreamConfig;
import io.myelin.server.BindAddress;
import io.myelin.server.BindOptions;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.LoopbackBackend.Conversation;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.TestAuthority;
import io.myelin.testing.TestProxy;
import io.myelin.testing.TlsBackend;
import io.myelin.testing.TlsClient;
import io.myelin.tls.TlsConfig;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Members that are asked for whom the client speaks of. */
@Timeout(60)
@Tag("sockets")
class NamedMembersTest {
    private static final TestAuthority AUTHORITY = TestAuthority.named("authority");
    private static final X509Bundle MANY = AUTHORITY.issue("a.example.org", "b.example.org", "c.example.org");

    private final List<LoopbackBackend> members = new ArrayList<>();
    private final List<TestProxy> proxies = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        proxies.forEach(TestProxy::close);
        members.forEach(LoopbackBackend::close);
    }

    private TestProxy proxy(TestProxy proxy) {
        proxies.add(proxy);
        return proxy;
    }

    private UpstreamConfig upstream(NameSource source) throws IOException {
        MemberTls tls = MemberTls.OFF
                .with()
                .enabled(true)
                .authorities(AUTHORITY.write(directory.resolve("ca.pem")).toString())
                .nameSource(source)
                .build();
        return UpstreamConfig.DEFAULT.with().retries(0).tls(tls).build();
    }

    private int member() throws GeneralSecurityException, IOException {
        LoopbackBackend member = TlsBackend.running(MANY, conversation -> {
            while (!conversation.readRequest().isEmpty()) {
                String name = askedFor(conversation);
                conversation.write("HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n" + name);
            }
        });
        members.add(member);
        return member.port();
    }

    /** Returns whom the member was asked for, {@code -} for nobody. */
    private static String askedFor(Conversation conversation) {
        ExtendedSSLSession session = (ExtendedSSLSession) ((SSLSocket) conversation.socket()).getSession();
        String names = session.getRequestedServerNames().stream()
                .map(name -> ((SNIHostName) name).getAsciiName())
                .collect(Collectors.joining());
        return names.isEmpty() ? "-" : names;
    }

    private static Response ask(RawClient client, String host) throws IOException {
        return client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\nX-Member: " + host + "\r\n\r\n")
                .readResponse();
    }

    @ParameterizedTest
    @EnumSource(
            value = ProxyVersion.class,
            names = {"OFF", "V1"})
    void aConnectionServesOnlyRequestsForTheNameItWasMadeWith(ProxyVersion version)
            throws IOException, GeneralSecurityException {
        UpstreamConfig upstream =
                upstream(new NameSource("host")).with().sendProxy(version).build();
        TestProxy proxy = proxy(TestProxy.http()).with(upstream).start(version == ProxyVersion.OFF ? member() : told());
        try (RawClient client = RawClient.to(proxy.port())) {
            for (String host : List.of("a.example.org", "B.Example.org:8443", "a.example.org", "b.example.org.")) {
                assertThat(ask(client, host).body()).isEqualToIgnoringCase(host.substring(0, 13));
            }
            assertThat(ask(client, "stranger.example.org").header("X-Myelin-Failure"))
                    .isEqualTo("tls_wrong_name");
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(client.readResponse().body())
                    .as("of nobody any name will do")
                    .isEqualTo("-");
        }
        assertThat(proxy.pool().snapshot().members().get(0).total(MemberCounter.CONNECTIONS))
                .isEqualTo(3);
        assertThat(proxy.pool().snapshot().members().get(0).total(MemberCounter.REUSES))
                .isEqualTo(2);
    }

    /** Starts a member that is told of its clients before the handshake. */
    private int told() {
        LoopbackBackend member = LoopbackBackend.running(conversation -> {
            while (conversation.in().read() != '\n') {
                // That is the header of the PROXY protocol.
            }
            try (SSLSocket tls = TlsBackend.secure(conversation.socket(), MANY)) {
                tls.startHandshake();
                ExtendedSSLSession session = (ExtendedSSLSession) tls.getSession();
                String name = session.getRequestedServerNames().isEmpty()
                        ? "-"
                        : ((SNIHostName) session.getRequestedServerNames().get(0)).getAsciiName();
                StringBuilder head = new StringBuilder();
                for (int next = tls.getInputStream().read();
                        next >= 0;
                        next = tls.getInputStream().read()) {
                    head.append((char) next);
                    if (head.indexOf("\r\n\r\n") >= 0) {
                        head.setLength(0);
                        tls.getOutputStream()
                                .write(("HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n" + name)
                                        .getBytes(ISO_8859_1));
                    }
                }
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        });
        members.add(member);
        return member.port();
    }

    @Test
    void aFullSetOfKeptConnectionsMakesRoomForAnotherName() throws IOException, GeneralSecurityException {
        UpstreamConfig narrow =
                upstream(new NameSource("x-member")).with().maxIdlePerLoop(1).build();
        TestProxy proxy = proxy(TestProxy.http()).with(narrow).start(member());
        try (RawClient client = RawClient.to(proxy.port())) {
            for (String host : List.of("a.example.org", "b.example.org", "b.example.org", "b.example.org")) {
                assertThat(ask(client, host).body()).isEqualTo(host);
            }
        }
        assertThat(members.get(0).connections()).isEqualTo(2);
    }

    @Test
    void whoSaysNothingAsksForTheConfiguredName() throws IOException, GeneralSecurityException {
        UpstreamConfig upstream = upstream(NameSource.CLIENT_TLS);
        UpstreamConfig named = upstream.with()
                .tls(upstream.tls().with().serverName("c.example.org").build())
                .build();
        TestProxy proxy = proxy(TestProxy.http()).with(named).start(member());
        try (RawClient client = RawClient.to(proxy.port())) {
            assertThat(ask(client, "a.example.org").body()).isEqualTo("c.example.org");
        }
    }

    @Test
    void aNameThatIsOnlyVerifiedIsNotAskedFor() throws IOException, GeneralSecurityException {
        UpstreamConfig upstream = upstream(new NameSource("x-other"));
        for (String name : List.of("a.example.org", "stranger.example.org")) {
            UpstreamConfig verified = upstream.with()
                    .tls(upstream.tls().with().verifiedName(name).build())
                    .build();
            TestProxy proxy = proxy(TestProxy.http()).with(verified).start(member());
            try (RawClient client = RawClient.to(proxy.port())) {
                Response response = ask(client, "b.example.org");
                assertThat(response.status() == 200 ? response.body() : response.header("X-Myelin-Failure"))
                        .isEqualTo(name.startsWith("a") ? "-" : "tls_wrong_name");
            }
        }
    }

    @Test
    void whomTheClientAsksForIsPassedOn() throws IOException, GeneralSecurityException {
        BindAddress own = new BindAddress("127.0.0.1", 0)
                .with(BindOptions.DEFAULT.withTls(TlsConfig.of(
                        TestAuthority.write(directory.resolve("own.pem"), AUTHORITY.issue("localhost"))
                                .toString(),
                        null)));
        TestProxy http = proxy(TestProxy.http())
                .with(upstream(NameSource.CLIENT_TLS))
                .withListener(listener -> listener.addresses(List.of(own)))
                .start(member());
        LoopbackBackend echo = TlsBackend.running(MANY, conversation -> conversation.write(askedFor(conversation)));
        members.add(echo);
        TestProxy tcp = proxy(TestProxy.tcp())
                .with(upstream(NameSource.CLIENT_TLS))
                .withListener(listener -> listener.addresses(List.of(own)))
                .start(echo.port());
        TlsClient client = TlsClient.trusting(AUTHORITY);
        for (String name : List.of("a.example.org", "b.example.org", "a.example.org")) {
            client.asking(name);
            try (RawClient connection = client.open(http.port())) {
                assertThat(ask(connection, "c.example.org").body()).isEqualTo(name);
            }
            try (RawClient connection = client.open(tcp.port())) {
                assertThat(connection.send("hello").readToEnd()).isEqualTo(name);
            }
        }
    }
}
