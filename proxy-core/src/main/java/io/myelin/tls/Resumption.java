package io.myelin.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;

/** Whether a handshake took up an earlier session. */
public final class Resumption {
    private Resumption() {}

    /**
     * Returns whether the handshake of {@code tls}, which is over, took up an earlier session. The JDK's engine does
     * not say so, and no engine does after its connection is closed. Event loop only.
     */
    public static boolean of(SslHandler tls) {
        if (tls.engine() instanceof ReferenceCountedOpenSslEngine engine) {
            long pointer = engine.sslPointer();
            return pointer != 0 && SSL.isSessionReused(pointer);
        }
        return false;
    }
}
