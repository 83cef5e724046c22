package io.myelin.tls;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an address that is encrypted stands.
 *
 * @param certificates that are in force, the default first
 * @param handshakes that succeeded
 * @param resumed those among them that took up an earlier session
 * @param failures handshakes that failed, by reason
 * @param revocations the lists in force of clients' certificates that are not good any more
 * @param error why what the files say now is not in force, {@code null} if it is
 */
public record TlsStatus(
        List<CertificateStatus> certificates,
        long handshakes,
        long resumed,
        Map<HandshakeFailure, Long> failures,
        List<RevocationStatus> revocations,
        @Nullable String error) {
    public TlsStatus {
        certificates = List.copyOf(certificates);
        revocations = List.copyOf(revocations);
        failures = Collections.unmodifiableMap(new EnumMap<>(failures));
    }

    /** Returns the sum of what event loops counted, and what {@code identity} shows. */
    public static TlsStatus of(TlsIdentity identity, TlsLoad... loads) {
        long handshakes = 0;
        long resumed = 0;
        Map<HandshakeFailure, Long> failures = new EnumMap<>(HandshakeFailure.class);
        for (HandshakeFailure failure : HandshakeFailure.values()) {
            failures.put(failure, 0L);
        }
        for (TlsLoad load : loads) {
            handshakes += load.counters().read(TlsCounter.HANDSHAKES);
            resumed += load.counters().read(TlsCounter.RESUMED);
            for (HandshakeFailure failure : HandshakeFailure.values()) {
                failures.merge(failure, load.failures().read(failure), Long::sum);
            }
        }
        return new TlsStatus(
                identity.certificates(), handshakes, resumed, failures, identity.revocations(), identity.error());
    }
}
