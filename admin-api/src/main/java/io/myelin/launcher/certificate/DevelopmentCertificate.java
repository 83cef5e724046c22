package io.myelin.launcher.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.myelin.health.replica.RunFiles;
import io.myelin.model.Clock;
import io.netty.util.NetUtil;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore.PrivateKeyEntry;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of a run directory that listeners show during development: made when it is first needed, kept, and
 * made anew when it has expired or lacks a name. It vouches for itself, so that users have to be told to trust it.
 *
 * <p>Blocks; used by the thread that applies configurations.
 */
public final class DevelopmentCertificate {
    /** What every certificate names. */
    static final Set<String> HERE = Set.of("dns:localhost", "ip:127.0.0.1", "ip:0:0:0:0:0:0:0:1");

    private static final Logger log = LoggerFactory.getLogger(DevelopmentCertificate.class);
    private static final int DAYS = 365;
    /** Whoever is at work when it expires is not to be surprised. */
    private static final Duration LAST_DAYS = Duration.ofDays(7);

    private static final Pattern HOST =
            Pattern.compile("(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final Path directory;
    private final Clock clock;
    private final Keytool keytool;

    /** Creates what keeps its files in {@code directory}, which it creates for this user alone. */
    public DevelopmentCertificate(Path directory, Clock clock) {
        this(directory, clock, Keytool.OF_THIS_JAVA);
    }

    DevelopmentCertificate(Path directory, Clock clock, Keytool keytool) {
        this.directory = directory;
        this.clock = clock;
        this.keytool = keytool;
    }

    /** Returns the file with certificate and key, which only this user may read; it may not be there. */
    public Path file() {
        return directory.resolve("development.pem");
    }

    /** Returns the file with the certificate alone, for those who are to trust it; it may not be there. */
    public Path trusted() {
        return directory.resolve("development.crt");
    }

    /**
     * Sees to it that there is a certificate for this host and for {@code hosts}, which are names, patterns such as
     * {@code *.example.com}, or IP addresses.
     *
     * @throws IOException if there is none and none can be made, with a message for people
     */
    public void ensure(Collection<String> hosts) throws IOException, InterruptedException {
        RunFiles.OF_THIS_HOST.create(directory);
        Set<String> wanted = new TreeSet<>(HERE);
        hosts.forEach(host -> add(host, wanted));
        X509Certificate kept = kept();
        Set<String> named = kept == null ? Set.of() : names(kept);
        if (kept != null && named.containsAll(wanted) && lasts(kept)) {
            log.info("Development certificate: file={} trust={} until={}", file(), trusted(), until(kept));
            return;
        }
        wanted.addAll(named);
        write(wanted);
    }

    private static void add(String host, Set<String> names) {
        String lower = host.toLowerCase(Locale.ROOT);
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
        if (address != null) {
            names.add("ip:" + address.getHostAddress());
        } else if (HOST.matcher(lower).matches()) {
            names.add("dns:" + lower);
        } else {
            log.warn("Development certificate does not name a host, which no certificate can: host={}", host);
        }
    }

    private void write(Set<String> names) throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory(directory, "new-");
        Path store = scratch.resolve("keys.p12");
        try {
            PrivateKeyEntry made = keytool.make(names, DAYS, store);
            String certificate = pem("CERTIFICATE", encoded(made.getCertificate()));
            // Files in such a directory are created for this user alone.
            replace(trusted(), certificate);
            replace(
                    file(),
                    certificate + pem("PRIVATE KEY", made.getPrivateKey().getEncoded()));
            log.info(
                    "Development certificate made: names={} file={} trust={} (such as by curl --cacert {})",
                    names,
                    file(),
                    trusted(),
                    trusted());
        } finally {
            Files.deleteIfExists(store);
            Files.deleteIfExists(scratch);
        }
    }

    private void replace(Path file, String text) throws IOException {
        Path next = Files.createTempFile(directory, file.getFileName().toString(), ".new");
        try {
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    /**
     * Returns the certificate that is there, {@code null} if there is none that can be used and is the one to trust.
     */
    private @Nullable X509Certificate kept() throws IOException {
        try {
            String shown = Files.readString(file());
            if (!shown.startsWith(Files.readString(trusted()))) {
                return null;
            }
            InputStream in = new ByteArrayInputStream(shown.getBytes(US_ASCII));
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (NoSuchFileException notYet) {
            return null;
        } catch (CertificateException e) {
            log.warn("Development certificate cannot be read and is replaced: file={} error={}", file(), e.toString());
            return null;
        }
    }

    private boolean lasts(X509Certificate certificate) {
        return Instant.ofEpochMilli(clock.wallMillis()).plus(LAST_DAYS).isBefore(until(certificate));
    }

    private static Instant until(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant();
    }

    private static Set<String> names(X509Certificate certificate) throws IOException {
        Set<String> names = new TreeSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> each : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (each.get(0).equals(DNS_NAME)) {
                    names.add("dns:" + each.get(1));
                } else if (each.get(0).equals(IP_ADDRESS)) {
                    names.add("ip:" + each.get(1));
                }
            }
        } catch (CertificateException e) {
            throw new IOException("development certificate: " + e.getMessage(), e);
        }
        return names;
    }

    private static byte[] encoded(Certificate certificate) throws IOException {
        try {
            return certificate.getEncoded();
        } catch (CertificateException e) {
            throw new IOException("development certificate: " + e.getMessage(), e);
        }
    }

    private static String pem(String kind, byte[] content) {
        Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII));
        return "-----BEGIN " + kind + "-----\n" + lines.encodeToString(content) + "\n-----END " + kind + "-----\n";
    }
}
