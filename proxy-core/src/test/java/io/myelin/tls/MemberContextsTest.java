package io.myelin.tls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.myelin.model.Endpoint;
import io.myelin.model.MemberTls;
import io.myelin.testing.FakeClock;
import io.myelin.testing.TestAuthority;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class MemberContextsTest {
    private static final TestAuthority AUTHORITY = TestAuthority.named("authority");

    private final FakeClock clock = new FakeClock();
    private final MemberContexts contexts = new MemberContexts(Runnable::run, clock);
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.myelin.tls");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    @TempDir
    Path directory;

    @BeforeEach
    void listen() {
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(appender);
        contexts.close();
    }

    private List<String> logged() {
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private MemberTls tls() throws IOException {
        return MemberTls.VERIFIED
                .with()
                .authorities(AUTHORITY.write(directory.resolve("ca.pem")).toString())
                .revocations(AUTHORITY
                        .revoke(directory.resolve("crl.pem"), Instant.parse("2030-01-01T00:00:00Z"))
                        .toString())
                .certificate(TestAuthority.write(directory.resolve("own.pem"), AUTHORITY.issueClient("CN=proxy"))
                        .toString())
                .build();
    }

    @Test
    void whatFilesSayIsKnownBeforeAnybodyConnects() throws IOException {
        MemberTls tls = tls();
        contexts.use("web", Set.of(tls));

        MemberTlsStatus status = Objects.requireNonNull(contexts.status(tls));
        assertThat(status.error()).isNull();
        assertThat(Objects.requireNonNull(status.shown()).subject()).isEqualTo("CN=proxy");
        assertThat(status.trusted())
                .extracting(CertificateStatus::subject, CertificateStatus::file)
                .containsExactly(Tuple.tuple("CN=authority", directory.resolve("ca.pem")));
        assertThat(status.revocations())
                .containsExactly(new RevocationStatus(
                        directory.resolve("crl.pem"), "CN=authority", Instant.parse("2030-01-01T00:00:00Z"), 1));
        assertThat(contexts.known(tls)).isNotNull();
    }

    @Test
    void aFileThatCannotBeUsedIsNamedAndTheOldOneGoesOn() throws IOException {
        MemberTls tls = tls();
        contexts.use("web", Set.of(tls));
        MemberContext before = contexts.known(tls);
        for (String name : List.of("ca.pem", "crl.pem", "own.pem")) {
            Path file = directory.resolve(name);
            String good = Files.readString(file);
            TestAuthority.put(file, "cut short");
            contexts.refresh();

            assertThat(error(tls)).contains(file.toString());
            assertThat(logged())
                    .anySatisfy(line -> assertThat(line)
                            .contains("TLS to members not changed, what was read before goes on")
                            .contains(file.toString()));
            assertThat(contexts.known(tls)).isSameAs(before);
            assertThat(Objects.requireNonNull(before).serves(tls)).isTrue();

            TestAuthority.put(file, good);
            contexts.refresh();
            assertThat(error(tls)).isEmpty();
            assertThat(Objects.requireNonNull(before).serves(tls)).isFalse();
            before = contexts.known(tls);
        }
    }

    @Test
    void nothingIsLeftOfWhatIsReadAfterItWasClosed() throws IOException {
        MemberTls tls = tls();
        contexts.use("web", Set.of(tls));
        contexts.close();
        Path file = directory.resolve("ca.pem");
        TestAuthority.put(file, Files.readString(file) + "\n");
        contexts.refresh();

        MemberContext late = Objects.requireNonNull(contexts.known(tls));
        assertThat(late.newHandler(UnpooledByteBufAllocator.DEFAULT, Endpoint.of("", "127.0.0.1", 1)))
                .isNull();
    }

    private String error(MemberTls tls) {
        return Objects.requireNonNullElse(
                Objects.requireNonNull(contexts.status(tls)).error(), "");
    }

    @Test
    void aFileInADirectoryIsNoticed() throws IOException {
        Path authorities = Files.createDirectory(directory.resolve("authorities"));
        Path file = AUTHORITY.write(authorities.resolve("one.pem"));
        MemberTls tls =
                MemberTls.VERIFIED.with().authorities(authorities.toString()).build();
        contexts.use("web", Set.of(tls));
        Files.writeString(file, "# nobody any more\n");
        contexts.refresh();
        assertThat(error(tls)).contains(file + " has no certificate");
    }

    @Test
    void whatIsShownAndTrustedIsWarnedOfBeforeItExpires() throws IOException {
        MemberTls tls = tls();
        Instant end = Objects.requireNonNull(tlsStatus(tls).shown()).notAfter();
        clock.advance(Duration.between(Instant.ofEpochMilli(clock.wallMillis()), end.minus(Duration.ofDays(9))));
        contexts.refresh();
        contexts.refresh();
        assertThat(logged())
                .filteredOn(line -> line.startsWith("Certificate expires soon: use=shown to members file="
                        + directory.resolve("own.pem") + " subject=CN=proxy not_after=" + end))
                .hasSize(1);

        Instant ofAuthority = tlsStatus(tls).trusted().get(0).notAfter();
        clock.advance(Duration.between(Instant.ofEpochMilli(clock.wallMillis()), ofAuthority.plus(Duration.ofDays(1))));
        contexts.refresh();
        assertThat(logged())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("Certificate has expired: use=trusted for members file="
                                + directory.resolve("ca.pem") + " subject=CN=authority"));
    }

    private MemberTlsStatus tlsStatus(MemberTls tls) {
        contexts.use("web", Set.of(tls));
        return Objects.requireNonNull(contexts.status(tls));
    }

    @Test
    void whatNoPoolUsesIsForgottenAfterAWhile() throws IOException {
        MemberTls tls = tls();
        contexts.use("web", Set.of(tls));
        for (int i = 0; i < 700; i++) {
            contexts.refresh();
        }
        assertThat(contexts.status(tls)).as("a pool without traffic").isNotNull();
        contexts.use("web", Set.of());
        for (int i = 0; i < 700; i++) {
            contexts.refresh();
        }
        assertThat(contexts.status(tls)).isNull();
    }
}
