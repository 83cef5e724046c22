package io.myelin.admin;

import io.myelin.admin.PoolReading.Seen;
import io.myelin.model.MemberTls;
import io.myelin.tls.CertificateStatus;
import io.myelin.tls.MemberTlsStatus;
import io.myelin.tls.RevocationStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The metrics of what TLS with members depends on. */
final class MemberTlsMetrics {
    private MemberTlsMetrics() {}

    /**
     * A certificate that members are shown or that vouches for them.
     *
     * @param use {@code shown} or {@code trusted}
     */
    record Known(String use, CertificateStatus certificate) {
        private List<Object> key() {
            return List.of(use, certificate.file(), certificate.subject());
        }
    }

    /** Returns what is about pools with members that are spoken to over TLS. */
    static List<Family<Seen>> pools(List<MemberTlsStatus> known) {
        Set<MemberTls> broken = known.stream()
                .filter(status -> status.error() != null)
                .map(MemberTlsStatus::settings)
                .collect(Collectors.toSet());
        return List.of(Family.gauge(
                "myelin_member_tls_outdated",
                "1 while files for TLS with members cannot be used and what they said before, if anything, goes on.",
                (seen, text) -> {
                    Set<MemberTls> spoken = seen.snapshot().encryption().settings();
                    if (!spoken.isEmpty()) {
                        text.label("pool", seen.name()).value(spoken.stream().anyMatch(broken::contains) ? 1 : 0);
                    }
                }));
    }

    static List<Family<Known>> certificates(Times times) {
        return List.of(Family.gauge(
                "myelin_member_tls_certificate_expiry_seconds",
                "Time until a certificate expires that members are shown or that vouches for them; negative once it has.",
                (seen, text) -> text.label("file", seen.certificate().file().toString())
                        .label("subject", seen.certificate().subject())
                        .label("use", seen.use())
                        .value(secondsUntil(seen.certificate().notAfter(), times))));
    }

    static List<Family<RevocationStatus>> revocations(Times times) {
        return List.of(Family.gauge(
                "myelin_member_tls_revocation_list_expiry_seconds",
                "Time until a list of revoked certificates is out of date; negative once it is.",
                (list, text) -> {
                    Instant next = list.nextUpdate();
                    if (next != null) {
                        text.label("file", list.file().toString())
                                .label("issuer", list.issuer())
                                .value(secondsUntil(next, times));
                    }
                }));
    }

    private static double secondsUntil(Instant end, Times times) {
        return (end.toEpochMilli() - times.nowMillis()) / 1e3;
    }

    /** Returns each certificate of a file once; of several of one subject the one that is good longest. */
    static Collection<Known> known(List<MemberTlsStatus> statuses) {
        Map<List<Object>, Known> distinct = new LinkedHashMap<>();
        statuses.stream()
                .flatMap(MemberTlsMetrics::certificatesOf)
                .forEach(each -> distinct.merge(each.key(), each, MemberTlsMetrics::later));
        return distinct.values();
    }

    private static Known later(Known one, Known other) {
        return one.certificate().notAfter().isBefore(other.certificate().notAfter()) ? other : one;
    }

    private static Stream<Known> certificatesOf(MemberTlsStatus status) {
        return Stream.concat(
                Stream.ofNullable(status.shown()).map(each -> new Known("shown", each)),
                status.trusted().stream().map(each -> new Known("trusted", each)));
    }

    /** Returns each list of a file once. */
    static Collection<RevocationStatus> lists(List<MemberTlsStatus> statuses) {
        Map<List<Object>, RevocationStatus> distinct = new LinkedHashMap<>();
        statuses.stream()
                .flatMap(status -> status.revocations().stream())
                .forEach(list -> distinct.putIfAbsent(List.<Object>of(list.file(), list.issuer()), list));
        return distinct.values();
    }
}
