package io.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.myelin.testing.FakeClock;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.TestAuthority;
import io.myelin.testing.TestProxy;
import io.myelin.testing.TlsClient;
import io.myelin.tls.MalformedPemException;
import io.myelin.tls.TlsConfig;
import io.myelin.tls.TlsIdentity;
import io.netty.handler.ssl.OpenSsl;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What authorities say of certificates, shown along with them, or why it is not. */
@Timeout(60)
class StapleTest {
    private static final TestAuthority AUTHORITY = TestAuthority.named("authority");
    private static final X509Bundle WEB = AUTHORITY.issue("web.test");
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path directory;

    private final FakeClock clock = new FakeClock();

    @ParameterizedTest
    @CsvSource({"TLSv1.2, false", "TLSv1.3, true"})
    void aResponseIsShownUntilItIsOld(String version, boolean strictSni)
            throws IOException, GeneralSecurityException, OCSPException, OperatorCreationException {
        assumeTrue(OpenSsl.isOcspSupported(), "no BoringSSL here, or one without OCSP");
        byte[] response = response(CertificateStatus.GOOD, serial(), HOUR);
        TlsConfig tls = config(response).with().strictSni(strictSni).build();
        TlsClient client = TlsClient.trusting(AUTHORITY).asking("web.test").speaking(version);
        try (LoopbackBackend member = LoopbackBackend.answering("hello");
                TestProxy proxy = TestProxy.http(clock)
                        .withListener(listener -> listener.addresses(
                                List.of(new BindAddress("127.0.0.1", 0).with(BindOptions.DEFAULT.withTls(tls)))))
                        .start(member.port())) {
            assertThat(stapled(client, proxy.port())).containsExactly(response);
            assertThat(error(proxy)).isNull();

            clock.advance(HOUR);
            proxy.apply();
            assertThat(stapled(client, proxy.port())).isEmpty();
            assertThat(error(proxy)).contains("web.pem.ocsp has expired: next_update=");

            byte[] next = response(CertificateStatus.GOOD, serial(), HOUR.multipliedBy(2));
            Files.write(directory.resolve("web.pem.ocsp"), next);
            proxy.apply();
            assertThat(stapled(client, proxy.port())).containsExactly(next);
            assertThat(error(proxy)).isNull();
        }
    }

    private static @Nullable String error(TestProxy proxy) {
        return Objects.requireNonNull(proxy.server().listeners().get(0).tls()).error();
    }

    private static List<byte[]> stapled(TlsClient client, int port) throws IOException {
        try (SSLSocket socket = client.forgetting().connect(port)) {
            return ((ExtendedSSLSession) socket.getSession()).getStatusResponses();
        }
    }

    @Test
    void whatCannotBeShownIsToldAndLeftOut()
            throws IOException, OCSPException, OperatorCreationException, GeneralSecurityException,
                    MalformedPemException {
        byte[] good = response(CertificateStatus.GOOD, serial(), HOUR);
        byte[] revoked = response(new RevokedStatus(Date.from(now()), 0), serial(), HOUR);
        byte[] other = response(CertificateStatus.GOOD, BigInteger.TWO, HOUR);
        byte[] endless = response(CertificateStatus.GOOD, serial(), null);
        byte[] old = response(CertificateStatus.GOOD, serial(), HOUR.negated());
        byte[] refused =
                new OCSPRespBuilder().build(OCSPRespBuilder.TRY_LATER, null).getEncoded();

        assertThat(flaws(good)).isEmpty();
        assertThat(flaws(new byte[0])).isEmpty();
        assertThat(flaws(revoked)).contains("web.pem.ocsp cannot be used: the certificate is not said to be good");
        assertThat(flaws(other)).contains("it is about another certificate");
        assertThat(flaws(endless)).contains("it does not say until when it holds");
        assertThat(flaws(old)).contains("web.pem.ocsp has expired: next_update=");
        assertThat(flaws(refused)).contains("its status is not successful");
        assertThat(flaws(new byte[] {'x'})).contains("no field with tag 48 at byte 0");
        assertThat(flaws(new byte[65_537])).contains("web.pem.ocsp is larger than 65536 bytes");
        for (int length = 1; length < good.length; length += 41) {
            assertThat(flaws(Arrays.copyOf(good, length))).contains("web.pem.ocsp cannot be used: ");
        }
    }

    private String flaws(byte[] response) throws IOException, MalformedPemException {
        return String.join("; ", TlsIdentity.of(config(response), clock).flaws());
    }

    private TlsConfig config(byte[] response) throws IOException {
        Files.write(directory.resolve("web.pem.ocsp"), response);
        return TlsConfig.of(
                TestAuthority.write(directory.resolve("web.pem"), WEB).toString(), null);
    }

    private static BigInteger serial() {
        return WEB.getCertificate().getSerialNumber();
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.wallMillis());
    }

    /** The library that signs responses knows no other time than that of dates. */
    @SuppressWarnings("JavaUtilDate")
    private byte[] response(@Nullable CertificateStatus status, BigInteger serial, @Nullable Duration holds)
            throws OCSPException, OperatorCreationException, GeneralSecurityException, IOException {
        CertificateID id = new CertificateID(
                new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1),
                new JcaX509CertificateHolder(AUTHORITY.certificate()),
                serial);
        Date until = holds == null ? null : Date.from(now().plus(holds));
        return new OCSPRespBuilder()
                .build(
                        OCSPRespBuilder.SUCCESSFUL,
                        new BasicOCSPRespBuilder(new RespID(new X500Name("CN=authority")))
                                .addResponse(id, status, Date.from(now().minus(HOUR)), until, null)
                                .build(
                                        new JcaContentSignerBuilder("SHA256withECDSA")
                                                .build(AUTHORITY
                                                        .own()
                                                        .getKeyPair()
                                                        .getPrivate()),
                                        null,
                                        Date.from(now())))
                .getEncoded();
    }
}
