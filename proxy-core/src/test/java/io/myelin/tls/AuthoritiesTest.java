package io.myelin.tls;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.testing.TestAuthority;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthoritiesTest {
    private static final TestAuthority AUTHORITY = TestAuthority.named("authority");
    private static final TestAuthority OTHER = TestAuthority.named("other");
    private static final X509Bundle GOOD = AUTHORITY.issue("good");
    private static final X509Bundle REVOKED = AUTHORITY.issue("revoked");

    @TempDir
    Path directory;

    private void judge(X509Bundle certificate, @Nullable Path lists)
            throws IOException, MalformedPemException, CertificateException {
        String both = directory.resolve("ca.pem").toString();
        Files.writeString(
                Path.of(both), AUTHORITY.own().getCertificatePEM() + OTHER.own().getCertificatePEM());
        Authorities.read(both, lists == null ? null : lists.toString())
                .trustManager()
                .checkServerTrusted(new X509Certificate[] {certificate.getCertificate()}, "UNKNOWN");
    }

    private Path list(Duration validity) throws IOException {
        return AUTHORITY.revoke(directory.resolve("crl.pem"), Instant.now().plus(validity), REVOKED);
    }

    @Test
    void whatIsOnAListCountsNoMore() throws IOException {
        Path list = list(Duration.ofDays(1));
        assertThatCode(() -> judge(GOOD, list)).doesNotThrowAnyException();
        assertThatCode(() -> judge(REVOKED, null)).doesNotThrowAnyException();
        assertThatThrownBy(() -> judge(REVOKED, list))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("revoked");
    }

    @Test
    void everybodyWhoVouchesNeedsAListThatIsNotOutOfDate() throws IOException {
        Path list = list(Duration.ofDays(1));
        assertThatThrownBy(() -> judge(OTHER.issue("web"), list))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("revocation status");
        Path old = list(Duration.ofDays(-1));
        assertThatThrownBy(() -> judge(GOOD, old))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("revocation status");
    }

    @Test
    void whomThisJdkTrustsMayRevoke() throws IOException {
        Path list = list(Duration.ofDays(1));
        assertThatThrownBy(() -> Authorities.read(null, list.toString())
                        .trustManager()
                        .checkServerTrusted(new X509Certificate[] {GOOD.getCertificate()}, "UNKNOWN"))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("unable to find valid certification path");
    }
}
