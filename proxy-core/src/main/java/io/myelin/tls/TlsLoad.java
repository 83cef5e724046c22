package io.myelin.tls;

import io.myelin.metrics.Counters;

/**
 * The handshakes of one event loop at one address. Written by that loop only.
 *
 * @param failures handshakes that failed, by reason
 */
public record TlsLoad(Counters<TlsCounter> counters, Counters<HandshakeFailure> failures) {
    public TlsLoad() {
        this(new Counters<>(TlsCounter.class), new Counters<>(HandshakeFailure.class));
    }
}
