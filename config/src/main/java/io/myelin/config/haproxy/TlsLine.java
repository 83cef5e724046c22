package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.tls.CertificateFiles;
import io.myelin.tls.CertificateStatus;
import io.myelin.tls.Ciphers;
import io.myelin.tls.ClientAuth;
import io.myelin.tls.Groups;
import io.myelin.tls.MalformedPemException;
import io.myelin.tls.SessionConfig;
import io.myelin.tls.TlsConfig;
import io.myelin.tls.TlsIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the options of one {@code bind} line say about TLS, the later overriding the earlier (HAProxy 2.6, section 5.1).
 */
@OwnedBy(Owner.BUILDER)
final class TlsLine {
    private static final List<String> VERSIONS = List.of("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3");
    private static final Map<String, String> WITHOUT = Map.of(
            "no-tlsv10", "TLSv1.0",
            "no-tlsv11", "TLSv1.1",
            "no-tlsv12", "TLSv1.2",
            "no-tlsv13", "TLSv1.3");

    private static final Map<String, String> ONLY = Map.of(
            "force-tlsv10", "TLSv1.0",
            "force-tlsv11", "TLSv1.1",
            "force-tlsv12", "TLSv1.2",
            "force-tlsv13", "TLSv1.3");

    /** What asks for what is so anyway. */
    private static final Set<String> FULFILLED = Set.of("no-sslv3");

    /** Words that stand alone. */
    private static final Map<String, String> WITHOUT_EFFECT = Map.of(
            "prefer-client-ciphers", "the listener's order counts",
            "allow-0rtt", "nothing is taken before the handshake is over",
            "generate-certificates", "only certificates from files are shown",
            "no-ca-names", "clients are told which authorities are known",
            "force-sslv3", "SSL 3.0 is not spoken");

    /** Words with an argument. */
    private static final Map<String, String> ARGUMENT_WITHOUT_EFFECT = Map.of(
            "npn", "what is spoken inside is agreed on by alpn",
            "ciphersuites", "TLS 1.3 has its usual ciphers",
            "ca-ignore-err", "certificates of clients have to be good",
            "crt-ignore-err", "certificates of clients have to be good",
            "ca-sign-file", "only certificates from files are shown",
            "ca-sign-pass", "only certificates from files are shown",
            "tls-ticket-keys", "keys of sessions are made and replaced by Myelin");

    private final List<String> protocols = new ArrayList<>(TlsConfig.DEFAULT_PROTOCOLS);
    private final List<String> ciphers = new ArrayList<>();
    private final List<String> groups = new ArrayList<>();
    private final List<String> alpn = new ArrayList<>();
    private final List<CertificateFiles> certificates = new ArrayList<>();
    private boolean encrypted;
    private boolean strictSni;
    private boolean tickets = true;
    private String verify = "none";
    private @Nullable String authorities;
    private @Nullable String revocations;

    TlsLine() {}

    /** Takes {@code option} if it is about TLS, and returns how many words it and what belongs to it are; 0 if not. */
    int take(String option, String argument, Line line, Problems problems) {
        switch (option) {
            case "ssl" -> encrypted = true;
            case "strict-sni" -> strictSni = true;
            case "no-tls-tickets" -> tickets = false;
            default -> {
                return takeVersion(option, argument, line, problems);
            }
        }
        return 1;
    }

    private int takeVersion(String option, String argument, Line line, Problems problems) {
        if (WITHOUT.containsKey(option)) {
            protocols.remove(WITHOUT.get(option));
        } else if (ONLY.containsKey(option)) {
            protocols.clear();
            protocols.add(String.valueOf(ONLY.get(option)));
        } else if (WITHOUT_EFFECT.containsKey(option)) {
            line.warning(problems, option + " is not interpreted: " + WITHOUT_EFFECT.get(option));
        } else if (!FULFILLED.contains(option)) {
            return takeWithArgument(option, argument, line, problems);
        }
        return 1;
    }

    private int takeWithArgument(String option, String argument, Line line, Problems problems) {
        switch (option) {
            case "crt" -> certificates.add(new CertificateFiles(orNothing(argument), null, List.of()));
            case "crt-list" -> certificates.addAll(CrtList.read(argument, line, problems));
            case "ciphers" -> takeCiphers(argument, line, problems);
            case "curves", "ecdhe" -> takeGroups(argument, line, problems);
            case "alpn" -> takeAlpn(argument, line, problems);
            case "ssl-min-ver" -> limit(argument, true, line, problems);
            case "ssl-max-ver" -> limit(argument, false, line, problems);
            case "verify" -> takeVerify(argument, line, problems);
            case "ca-file" -> authorities = argument;
            case "ca-verify-file" -> authorities = authorities == null ? argument : authorities;
            case "crl-file" -> revocations = argument;
            default -> {
                String consequence = ARGUMENT_WITHOUT_EFFECT.get(option);
                if (consequence == null) {
                    return 0;
                }
                line.warning(problems, option + " " + argument + " is not interpreted: " + consequence);
            }
        }
        return 2;
    }

    /** A name that is missing is reported as a file that is. */
    private static String orNothing(String argument) {
        return argument.isBlank() ? "crt" : argument;
    }

    /** Takes the names of ciphers; what OpenSSL's language says beyond names is left out, and the usual ones remain. */
    private void takeCiphers(String argument, Line line, Problems problems) {
        ciphers.clear();
        for (String cipher : argument.split("[:, ]", -1)) {
            if (cipher.matches("[A-Z0-9_]+(-[A-Z0-9_]+)+")) {
                if (Ciphers.known(cipher)) {
                    ciphers.add(cipher);
                } else {
                    line.warning(problems, "the cipher " + cipher + " is not known: it is left out");
                }
            }
        }
    }

    private void takeGroups(String argument, Line line, Problems problems) {
        groups.clear();
        for (String name : argument.split(":", -1)) {
            String group = Groups.named(name);
            if (group == null) {
                line.warning(problems, "the curve " + name + " is not known: it is left out");
            } else {
                groups.add(group);
            }
        }
    }

    private void takeAlpn(String argument, Line line, Problems problems) {
        alpn.clear();
        for (String protocol : argument.split(",", -1)) {
            if (protocol.equals("http/1.1") || protocol.equals("http/1.0")) {
                alpn.add(protocol);
            } else {
                line.warning(problems, "alpn " + protocol + " is not interpreted: clients are offered HTTP/1.1");
            }
        }
    }

    private void takeVerify(String argument, Line line, Problems problems) {
        if (argument.matches("none|optional|required")) {
            verify = argument;
        } else {
            line.error(problems, "verify: `" + argument + "`", "none, optional or required");
        }
    }

    private void limit(String version, boolean least, Line line, Problems problems) {
        int limit = VERSIONS.indexOf(version);
        if (limit < 0) {
            line.error(problems, "`" + version + "` is not a version of TLS", String.join(", ", VERSIONS));
            return;
        }
        List<String> wanted = least ? VERSIONS.subList(limit, VERSIONS.size()) : VERSIONS.subList(0, limit + 1);
        if (least) {
            // Old versions are spoken with those only who ask for them.
            protocols.clear();
            protocols.addAll(wanted);
        } else {
            protocols.retainAll(wanted);
        }
    }

    /** Returns what the options come to, {@code null} for plain text; what cannot be used is an error. */
    @Nullable
    TlsConfig config(Line line, Problems problems) {
        if (!encrypted) {
            if (!certificates.isEmpty()) {
                line.warning(
                        problems,
                        "crt " + certificates.get(0).certificate()
                                + " has no effect without ssl: the listener speaks plain text");
            }
            return null;
        }
        String ca = authorities;
        boolean asks = !verify.equals("none");
        if (asks && (ca == null || ca.isBlank())) {
            line.error(problems, "verify " + verify + " without ca-file", "ca-file FILE");
            return null;
        }
        if (certificates.isEmpty() || protocols.isEmpty()) {
            String missing = protocols.isEmpty() ? "no version of TLS is left" : "ssl without crt";
            line.error(problems, missing, "ssl crt FILE");
            return null;
        }
        SessionConfig sessions =
                new SessionConfig(tickets, SessionConfig.DEFAULT.lifetime(), SessionConfig.DEFAULT.cache());
        TlsConfig config = TlsConfig.of(certificates)
                .with()
                .strictSni(strictSni)
                .protocols(protocols)
                .ciphers(ciphers)
                .groups(groups)
                .alpn(alpn)
                .clientAuth(asks && ca != null ? new ClientAuth(ca, verify.equals("required"), revocations) : null)
                .sessions(sessions)
                .build();
        check(config, line, problems);
        return config;
    }

    private static void check(TlsConfig config, Line line, Problems problems) {
        try {
            TlsIdentity identity = TlsIdentity.of(config);
            identity.flaws().forEach(flaw -> line.warning(problems, "crt: " + flaw));
            for (CertificateStatus expired : identity.expired()) {
                line.warning(problems, "crt: " + expired.file() + " has expired: not_after=" + expired.notAfter());
            }
        } catch (MalformedPemException e) {
            line.error(problems, "crt: " + e.getMessage(), "a PEM file with a certificate and its private key");
        }
    }
}
