package io.myelin.tls;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once a day that a certificate will not be good for much longer, from thirty days ahead on. */
@OwnedBy(Owner.CONTROL)
final class ExpiryWarnings {
    private static final Logger log = LoggerFactory.getLogger(ExpiryWarnings.class);
    private static final Duration AHEAD = Duration.ofDays(30);
    private static final Duration SOON = Duration.ofDays(7);
    private static final Duration PAUSE = Duration.ofDays(1);

    private final String place;
    private final Map<String, Instant> lastByFingerprint = new HashMap<>();

    /** Creates what warns of the certificates of a listener. */
    ExpiryWarnings() {
        this("listener");
    }

    /**
     * Creates it.
     *
     * @param place what it is that has the certificates, the key in the log
     */
    ExpiryWarnings(String place) {
        this.place = place;
    }

    /** Warns of those of {@code certificates} that it is time for. */
    void warn(String name, List<CertificateStatus> certificates, Instant now) {
        for (CertificateStatus certificate : certificates) {
            Duration left = Duration.between(now, certificate.notAfter());
            Instant last = lastByFingerprint.get(certificate.fingerprint());
            boolean said = last != null && Duration.between(last, now).compareTo(PAUSE) < 0;
            if (left.compareTo(AHEAD) < 0 && !said) {
                lastByFingerprint.put(certificate.fingerprint(), now);
                warn(name, certificate, left);
            }
        }
        lastByFingerprint
                .keySet()
                .removeIf(each -> certificates.stream()
                        .noneMatch(certificate -> certificate.fingerprint().equals(each)));
    }

    private void warn(String name, CertificateStatus certificate, Duration left) {
        String format = "{}: {}={} file={} subject={} not_after={} days_left={}";
        Object[] values = {
            left.isNegative() ? "Certificate has expired" : "Certificate expires soon",
            place,
            name,
            certificate.file(),
            certificate.subject(),
            certificate.notAfter(),
            left.toDays()
        };
        if (left.compareTo(SOON) < 0) {
            log.error(format, values);
        } else {
            log.warn(format, values);
        }
    }
}
