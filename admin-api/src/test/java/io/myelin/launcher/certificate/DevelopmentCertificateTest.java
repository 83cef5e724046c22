package io.myelin.launcher.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.testing.FakeClock;
import io.myelin.tls.MalformedPemException;
import io.myelin.tls.TlsConfig;
import io.myelin.tls.TlsIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that the JDK's program makes. */
@Timeout(60)
class DevelopmentCertificateTest {
    @TempDir
    Path directory;

    private final FakeClock clock = new FakeClock();
    private DevelopmentCertificate development;

    @BeforeEach
    void create() {
        advanceTo(System.currentTimeMillis());
        development = new DevelopmentCertificate(directory.resolve("run"), clock);
    }

    @Test
    void itIsMadeOnceAndKeptUntilItEndsOrLacksAName()
            throws IOException, InterruptedException, CertificateException, MalformedPemException {
        development.ensure(List.of("B.example.com", "*.wild.example.com", "10.1.2.3", "no_host"));

        X509Certificate made = read(development.trusted());
        assertThat(names(made))
                .containsExactlyInAnyOrder(
                        "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "b.example.com", "*.wild.example.com", "10.1.2.3");
        assertThat(Duration.between(
                        made.getNotBefore().toInstant(), made.getNotAfter().toInstant()))
                .isEqualTo(Duration.ofDays(365));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(development.file())))
                .isEqualTo("rw-------");
        assertThat(TlsIdentity.of(TlsConfig.of(development.file().toString(), null)))
                .isNotNull();
        assertThat(directory.resolve("run").toFile().list())
                .containsExactlyInAnyOrder("development.pem", "development.crt");

        development.ensure(List.of("b.example.com"));
        assertThat(read(development.trusted())).isEqualTo(made);

        development.ensure(List.of("c.example.com"));
        X509Certificate wider = read(development.trusted());
        assertThat(wider).isNotEqualTo(made);
        assertThat(names(wider)).hasSize(7).contains("b.example.com", "c.example.com");

        advanceTo(wider.getNotAfter().toInstant().minus(Duration.ofDays(6)).toEpochMilli());
        development.ensure(List.of());
        assertThat(read(development.trusted())).isNotEqualTo(wider);
    }

    @Test
    void whatCannotBeMadeSaysWhy() throws IOException {
        DevelopmentCertificate missing =
                new DevelopmentCertificate(directory.resolve("a"), clock, new Keytool(Path.of("/nowhere/keytool")));
        assertThatThrownBy(() -> missing.ensure(List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/nowhere/keytool");

        Path script = Files.writeString(directory.resolve("keytool"), "#!/bin/sh\necho no room; exit 3\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        DevelopmentCertificate failing = new DevelopmentCertificate(directory.resolve("b"), clock, new Keytool(script));
        assertThatThrownBy(() -> failing.ensure(List.of()))
                .isInstanceOf(IOException.class)
                .hasMessage(script + " ended with 3: no room");
        assertThat(directory.resolve("b").toFile().list()).isEmpty();

        DevelopmentCertificate nowhere = new DevelopmentCertificate(script, clock);
        assertThatThrownBy(() -> nowhere.ensure(List.of())).isInstanceOf(IOException.class);
    }

    @Test
    void whatIsTornIsReplaced() throws IOException, InterruptedException, CertificateException {
        Files.createDirectory(directory.resolve("run"));
        Files.writeString(development.file(), "torn");
        Files.writeString(development.trusted(), "torn");

        development.ensure(List.of());

        assertThat(names(read(development.file()))).contains("localhost");
        assertThat(read(development.trusted())).isEqualTo(read(development.file()));

        Files.writeString(development.trusted(), "of another run that was killed");
        development.ensure(List.of());
        assertThat(read(development.trusted())).isEqualTo(read(development.file()));
    }

    private void advanceTo(long wallMillis) {
        clock.advance(Duration.ofMillis(wallMillis - clock.wallMillis()));
    }

    private static X509Certificate read(Path file) throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static List<String> names(X509Certificate certificate) throws CertificateException {
        return certificate.getSubjectAlternativeNames().stream()
                .map(name -> String.valueOf(name.get(1)))
                .toList();
    }
}
