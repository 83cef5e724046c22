package io.myelin.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * What a server takes for one context, although it is another one after each change: a connection gets what is in force
 * when it begins, and keeps it.
 *
 * <p>For servers that make the handlers of their connections themselves. Safe from any thread.
 */
public final class CurrentContext extends SslContext {
    private final CurrentIdentity identity;

    /**
     * Creates a context that shows the default certificate of {@code identity}.
     *
     * @param identity not in the clear when a connection begins
     */
    public CurrentContext(CurrentIdentity identity) {
        this.identity = identity;
    }

    private SslContext now() {
        TlsIdentity shown = identity.shown();
        if (shown == null) {
            throw new IllegalStateException("identity: in the clear (expected: a certificate)");
        }
        return shown.usual();
    }

    @Override
    public boolean isClient() {
        return false;
    }

    @Override
    public List<String> cipherSuites() {
        return now().cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation") // The type is; there is no other name for what has to be overridden.
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return now().applicationProtocolNegotiator();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
        return now().newEngine(allocator);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
        return now().newEngine(allocator, peerHost, peerPort);
    }

    @Override
    public SSLSessionContext sessionContext() {
        return now().sessionContext();
    }
}
