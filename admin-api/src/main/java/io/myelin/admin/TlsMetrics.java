package io.myelin.admin;

import static io.myelin.admin.Family.counter;
import static io.myelin.admin.Family.gauge;

import io.myelin.server.ListenerStatus;
import io.myelin.tls.CertificateStatus;
import io.myelin.tls.HandshakeFailure;
import io.myelin.tls.RevocationStatus;
import io.myelin.tls.TlsStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The metrics of what speaks TLS. */
final class TlsMetrics {
    private static final String ADMIN = "admin";

    private TlsMetrics() {}

    /**
     * One address that is encrypted.
     *
     * @param listener the listener's name
     * @param address as configured; empty for the operators' own listener
     */
    record Encrypted(String listener, String address, TlsStatus status) {}

    /** One certificate that is shown at an address. */
    record Shown(Encrypted at, CertificateStatus certificate) {}

    static final List<Family<Encrypted>> HANDSHAKES = List.of(
            counter(
                    "myelin_tls_handshakes_total",
                    "TLS handshakes that succeeded.",
                    (seen, text) -> labels(seen, text).value(seen.status().handshakes())),
            counter(
                    "myelin_tls_resumed_handshakes_total",
                    "TLS handshakes that took up an earlier session.",
                    (seen, text) -> labels(seen, text).value(seen.status().resumed())),
            counter("myelin_tls_handshake_failures_total", "TLS handshakes that failed, by reason.", (seen, text) -> {
                for (HandshakeFailure failure : HandshakeFailure.values()) {
                    labels(seen, text)
                            .label("reason", failure.label())
                            .value(seen.status().failures().getOrDefault(failure, 0L));
                }
            }),
            gauge(
                    "myelin_tls_outdated",
                    "1 while files of certificates cannot be used and what they said before goes on.",
                    (seen, text) -> labels(seen, text).value(seen.status().error() == null ? 0 : 1)));

    static List<Family<Shown>> certificates(Times times) {
        return List.of(gauge(
                "myelin_tls_certificate_expiry_seconds",
                "Time until the certificate expires; negative once it has.",
                (seen, text) -> labels(seen.at(), text)
                        .label("subject", seen.certificate().subject())
                        .label("file", seen.certificate().file().toString())
                        .value((seen.certificate().notAfter().toEpochMilli() - times.nowMillis()) / 1e3)));
    }

    /** A list of revoked certificates of clients at one address. */
    record Listed(Encrypted at, RevocationStatus list) {}

    static List<Family<Listed>> revocations(Times times) {
        return List.of(gauge(
                "myelin_tls_revocation_list_expiry_seconds",
                "Time until a list of revoked certificates of clients is out of date; negative once it is.",
                (seen, text) -> {
                    Instant next = seen.list().nextUpdate();
                    if (next != null) {
                        labels(seen.at(), text)
                                .label("issuer", seen.list().issuer())
                                .label("file", seen.list().file().toString())
                                .value((next.toEpochMilli() - times.nowMillis()) / 1e3);
                    }
                }));
    }

    /** Returns the lists of all encrypted addresses, each of a file and an issuer once. */
    static List<Listed> lists(ProcessView view) {
        Map<List<Object>, Listed> distinct = new LinkedHashMap<>();
        for (Encrypted place : listeners(view)) {
            for (RevocationStatus list : place.status().revocations()) {
                distinct.putIfAbsent(
                        List.of(place.listener(), place.address(), list.file(), list.issuer()),
                        new Listed(place, list));
            }
        }
        return List.copyOf(distinct.values());
    }

    private static MetricText labels(Encrypted seen, MetricText text) {
        return text.label("address", seen.address()).label("listener", seen.listener());
    }

    /** Returns the encrypted addresses of listeners, each once. */
    static List<Encrypted> listeners(ProcessView view) {
        Map<List<String>, Encrypted> distinct = new LinkedHashMap<>();
        for (ListenerStatus status : view.listeners()) {
            TlsStatus tls = status.tls();
            if (tls != null) {
                String address = status.configured().toString();
                distinct.putIfAbsent(
                        List.of(status.listener(), address), new Encrypted(status.listener(), address, tls));
            }
        }
        return List.copyOf(distinct.values());
    }

    /** Returns all certificates that are shown, those for operators included, each file of an address once. */
    static List<Shown> shown(ProcessView view) {
        List<Encrypted> places = new ArrayList<>(listeners(view));
        TlsStatus admin = view.adminTls();
        if (admin != null) {
            places.add(new Encrypted(ADMIN, "", admin));
        }
        Map<List<Object>, Shown> distinct = new LinkedHashMap<>();
        for (Encrypted place : places) {
            for (CertificateStatus certificate : place.status().certificates()) {
                distinct.putIfAbsent(
                        List.of(place.listener(), place.address(), certificate.file()), new Shown(place, certificate));
            }
        }
        return List.copyOf(distinct.values());
    }
}
