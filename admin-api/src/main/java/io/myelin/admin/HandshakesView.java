package io.myelin.admin;

import io.myelin.balance.HandshakeCounter;
import io.myelin.balance.Member;
import io.myelin.model.MemberTls;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken with one member, as JSON.
 *
 * @param verify {@code required} or {@code none}
 * @param serverName whom it is asked for, or has to prove to be, where the client does not say it; {@code null} for
 *     nobody
 * @param handshakes that succeeded
 * @param resumed those among them that took up an earlier session
 * @param failures handshakes that failed, by reason
 */
record HandshakesView(
        String verify,
        @Nullable String ca,
        @Nullable String serverName,
        @Nullable String certificate,
        long handshakes,
        long resumed,
        Map<String, Long> failures) {
    /** Returns that of {@code member}, {@code null} if it is spoken to in the clear. */
    static @Nullable HandshakesView of(Member member) {
        MemberTls tls = member.tls();
        if (tls == null) {
            return null;
        }
        Map<String, Long> failures = new LinkedHashMap<>();
        for (HandshakeCounter counter : HandshakeCounter.values()) {
            if (counter.failure()) {
                failures.put(Json.name(counter), member.total(counter));
            }
        }
        return new HandshakesView(
                MemberTlsView.verify(tls),
                tls.authorities(),
                tls.nameOf(member.endpoint(), null),
                tls.certificate(),
                member.total(HandshakeCounter.SUCCEEDED),
                member.total(HandshakeCounter.RESUMED),
                failures);
    }
}
