package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import io.myelin.config.reader.Section.Item;
import io.myelin.tls.CertificateFiles;
import io.myelin.tls.CertificateStatus;
import io.myelin.tls.Ciphers;
import io.myelin.tls.ClientAuth;
import io.myelin.tls.Groups;
import io.myelin.tls.MalformedPemException;
import io.myelin.tls.SessionConfig;
import io.myelin.tls.TlsConfig;
import io.myelin.tls.TlsIdentity;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads how connections of clients are encrypted. */
final class TlsReader {
    private static final String PEM = "a PEM file with a certificate and its private key";
    private static final String CERTIFICATE = "a PEM file or a directory, or a map with certificate, key and names";
    private static final List<String> PROTOCOLS = List.of("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3");
    private static final int MAX_SESSIONS = 10_000_000;

    private final Section tls;
    private final Problems problems;

    private TlsReader(Section tls) {
        this.tls = tls;
        this.problems = tls.problems();
    }

    /** Returns what {@code tls} of {@code section} says, {@code otherwise} if it is not there. */
    static @Nullable TlsConfig read(Section section, @Nullable TlsConfig otherwise) {
        Section tls = section.section("tls");
        if (tls == null) {
            return otherwise;
        }
        tls.allow(Keys.TLS);
        return new TlsReader(tls).read();
    }

    /** Returns what {@code tls} of the listener for operators says, {@code null} if it is not there. */
    static @Nullable TlsConfig ofAdmin(Section section) {
        Section tls = section.section("tls");
        if (tls == null) {
            return null;
        }
        tls.allow(Keys.ADMIN_TLS);
        TlsReader reader = new TlsReader(tls);
        List<CertificateFiles> certificates = reader.certificates();
        if (certificates.isEmpty()) {
            return null;
        }
        String ca = tls.text("client_ca");
        ClientAuth auth = ca == null ? null : new ClientAuth(file(ca, tls.where("client_ca")), true, null);
        return reader.checked(TlsConfig.of(certificates).with().clientAuth(auth).build());
    }

    private @Nullable TlsConfig read() {
        List<CertificateFiles> certificates = certificates();
        List<String> protocols = protocols();
        if (certificates.isEmpty() || protocols.isEmpty()) {
            return null;
        }
        return checked(TlsConfig.of(certificates)
                .with()
                .strictSni(tls.flag("strict_sni", false))
                .protocols(protocols)
                .ciphers(ciphers())
                .groups(groups())
                .alpn(alpn())
                .clientAuth(clientAuth())
                .handshakeTimeout(tls.positiveDuration("handshake_timeout", TlsConfig.DEFAULT_HANDSHAKE_TIMEOUT))
                .sessions(sessions())
                .build());
    }

    private List<CertificateFiles> certificates() {
        List<CertificateFiles> certificates = new ArrayList<>();
        String own = tls.text("certificate", "\\S.*", "a PEM file");
        if (own != null) {
            certificates.add(CertificateFiles.of(file(own, tls.where("certificate")), key(tls)));
        } else if (tls.has("key")) {
            problems.error(tls.whereKey("key"), "belongs to no certificate", "certificate");
        }
        for (Item item : tls.items("certificates")) {
            if (item.node() instanceof Scalar scalar && !scalar.text().isBlank()) {
                certificates.add(CertificateFiles.of(file(scalar.text(), item.where()), null));
            } else {
                add(certificates, item);
            }
        }
        if (certificates.isEmpty()) {
            problems.error(tls.where(), "has no certificate", PEM);
        }
        return certificates;
    }

    private void add(List<CertificateFiles> certificates, Item item) {
        Section one = item.node() instanceof Scalar ? null : Section.of(item.node(), item.where(), problems);
        if (one == null) {
            problems.error(item.where(), "is not a certificate", CERTIFICATE);
            return;
        }
        one.allow(Keys.TLS_CERTIFICATE);
        String certificate = one.text("certificate", "\\S.*", "a PEM file");
        if (certificate == null) {
            problems.error(one.where(), "has no certificate", PEM);
        } else {
            certificates.add(
                    new CertificateFiles(file(certificate, one.where("certificate")), key(one), one.texts("names")));
        }
    }

    private static @Nullable String key(Section section) {
        String key = section.text("key", "\\S.*", "a PEM file");
        return key == null ? null : file(key, section.where("key"));
    }

    /** Returns the file of that name: in the working directory or, if it is not there, beside the one that names it. */
    static String file(String name, Where where) {
        try {
            Path beside = Path.of(where.place().file()).resolveSibling(name);
            return Files.exists(Path.of(name)) || !Files.exists(beside) ? name : beside.toString();
        } catch (InvalidPathException e) {
            // Whoever reads it says that it cannot be read.
            return name;
        }
    }

    private List<String> protocols() {
        if (!tls.has("protocols")) {
            return TlsConfig.DEFAULT_PROTOCOLS;
        }
        List<String> protocols = new ArrayList<>();
        for (String protocol : tls.texts("protocols")) {
            if (PROTOCOLS.contains(protocol)) {
                protocols.add(protocol);
            } else {
                problems.error(tls.where("protocols"), protocol, "TLSv1.2 or TLSv1.3");
            }
        }
        return protocols;
    }

    private List<String> ciphers() {
        List<String> ciphers = new ArrayList<>();
        for (String cipher : tls.texts("ciphers")) {
            if (Ciphers.known(cipher)) {
                ciphers.add(cipher);
            } else {
                problems.error(tls.where("ciphers"), cipher, "a cipher of TLS 1.2, such as " + Ciphers.DEFAULT.get(0));
            }
        }
        return ciphers;
    }

    private List<String> groups() {
        List<String> groups = new ArrayList<>();
        for (String name : tls.texts("curves")) {
            String group = Groups.named(name);
            if (group == null) {
                problems.error(tls.where("curves"), name, "x25519, secp256r1, secp384r1 or secp521r1");
            } else {
                groups.add(group);
            }
        }
        return groups;
    }

    private List<String> alpn() {
        List<String> alpn = new ArrayList<>();
        for (String protocol : tls.texts("alpn")) {
            if (protocol.equals("http/1.1") || protocol.equals("http/1.0")) {
                alpn.add(protocol);
            } else {
                problems.error(tls.where("alpn"), protocol, "http/1.1, which is what listeners speak");
            }
        }
        return alpn;
    }

    private @Nullable ClientAuth clientAuth() {
        Section auth = tls.section("client_auth");
        if (auth == null) {
            return null;
        }
        auth.allow(Keys.CLIENT_AUTH);
        String mode = auth.text("mode", "none|optional|required", "none, optional or required");
        String ca = auth.text("ca", "\\S.*", "a PEM file with certificates");
        String crl = auth.text("crl", "\\S.*", "a PEM file with revocation lists");
        if ("none".equals(mode)) {
            return null;
        }
        if (ca == null) {
            problems.error(auth.where(), "has no ca", "a PEM file with certificates");
            return null;
        }
        return new ClientAuth(
                file(ca, auth.where("ca")),
                !"optional".equals(mode),
                crl == null ? null : file(crl, auth.where("crl")));
    }

    private SessionConfig sessions() {
        Section session = tls.section("session");
        if (session == null) {
            return SessionConfig.DEFAULT;
        }
        session.allow(Keys.TLS_SESSION);
        return new SessionConfig(
                session.flag("tickets", SessionConfig.DEFAULT.tickets()),
                lifetime(session),
                session.number("cache", 0, MAX_SESSIONS, SessionConfig.DEFAULT.cache()));
    }

    private Duration lifetime(Section session) {
        Duration lifetime = session.positiveDuration("lifetime", SessionConfig.DEFAULT.lifetime());
        if (lifetime.toSeconds() < 1) {
            problems.error(session.where("lifetime"), lifetime.toMillis() + "ms", "1s or more");
            return SessionConfig.DEFAULT.lifetime();
        }
        return lifetime;
    }

    /** Reads the files, so that what cannot be used is known before anything is changed. */
    private TlsConfig checked(TlsConfig config) {
        try {
            TlsIdentity identity = TlsIdentity.of(config);
            identity.flaws().forEach(flaw -> problems.warning(tls.where(), flaw));
            for (CertificateStatus expired : identity.expired()) {
                problems.warning(tls.where(), expired.file() + " has expired: not_after=" + expired.notAfter());
            }
        } catch (MalformedPemException e) {
            problems.error(tls.where(), String.valueOf(e.getMessage()), PEM);
        }
        return config;
    }
}
