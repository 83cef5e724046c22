package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.tls.MalformedPemException;
import io.myelin.tls.TlsConfig;
import io.myelin.tls.TlsIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the options of one {@code bind} line say about TLS, the later overriding the earlier. */
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
    private static final Set<String> FULFILLED = Set.of("no-sslv3", "no-tls-tickets", "prefer-client-ciphers");

    private static final Map<String, String> WITHOUT_EFFECT = Map.of(
            "alpn", "clients are offered HTTP/1.1",
            "npn", "clients are offered HTTP/1.1",
            "ciphersuites", "TLS 1.3 has its usual ciphers",
            "curves", "the usual curves are used",
            "ecdhe", "the usual curves are used");

    private final List<String> protocols = new ArrayList<>(TlsConfig.DEFAULT_PROTOCOLS);
    private final List<String> ciphers = new ArrayList<>();
    private boolean encrypted;
    private boolean asksForCertificates;
    private @Nullable String certificate;

    TlsLine() {}

    /** Takes {@code option} if it is about TLS, and returns how many words it and what belongs to it are; 0 if not. */
    int take(String option, String argument, Line line, Problems problems) {
        if (option.equals("ssl")) {
            encrypted = true;
        } else if (WITHOUT.containsKey(option)) {
            protocols.remove(WITHOUT.get(option));
        } else if (ONLY.containsKey(option)) {
            protocols.clear();
            protocols.add(String.valueOf(ONLY.get(option)));
        } else if (!FULFILLED.contains(option)) {
            return takeWithArgument(option, argument, line, problems);
        }
        return 1;
    }

    private int takeWithArgument(String option, String argument, Line line, Problems problems) {
        switch (option) {
            case "crt" -> {
                if (certificate == null) {
                    certificate = argument;
                } else {
                    line.warning(problems, "crt " + argument + " is not interpreted: all clients see " + certificate);
                }
            }
            case "ciphers" -> {
                ciphers.clear();
                ciphers.addAll(List.of(argument.split("[:, ]", -1)));
                ciphers.removeIf(cipher -> !cipher.matches("[A-Z0-9_]+(-[A-Z0-9_]+)+"));
            }
            case "ssl-min-ver" -> limit(argument, true, line, problems);
            case "ssl-max-ver" -> limit(argument, false, line, problems);
            case "verify" -> asksForCertificates = !argument.equals("none");
            case "ca-file", "crl-file" -> {
                // Nothing is asked for unless verify says so, and then the line cannot be used.
            }
            default -> {
                String consequence = WITHOUT_EFFECT.get(option);
                if (consequence == null) {
                    return 0;
                }
                line.warning(problems, option + " " + argument + " is not interpreted: " + consequence);
            }
        }
        return 2;
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
        String file = certificate;
        if (!encrypted) {
            if (file != null) {
                line.warning(problems, "crt " + file + " has no effect without ssl: the listener speaks plain text");
            }
            return null;
        }
        if (asksForCertificates) {
            line.error(problems, "clients cannot be asked for certificates", "verify none");
            return null;
        }
        if (file == null || file.isBlank() || protocols.isEmpty()) {
            String missing = protocols.isEmpty() ? "no version of TLS is left" : "ssl without crt";
            line.error(problems, missing, "ssl crt FILE");
            return null;
        }
        TlsConfig config = new TlsConfig(file, null, protocols, ciphers);
        try {
            TlsIdentity.of(config);
        } catch (MalformedPemException e) {
            line.error(problems, "crt: " + e.getMessage(), "a PEM file with a certificate and its private key");
        }
        return config;
    }
}
