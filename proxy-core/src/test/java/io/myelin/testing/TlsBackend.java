package io.myelin.testing;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Backends that speak TLS, with the JDK's own implementation of it. */
public final class TlsBackend {
    private TlsBackend() {}

    /** Starts a server that shows {@code certificate} and asks for nothing. */
    public static LoopbackBackend running(X509Bundle certificate, LoopbackBackend.Script script)
            throws GeneralSecurityException, IOException {
        return running(0, certificate, null, script);
    }

    /**
     * Starts a server that shows {@code certificate}.
     *
     * @param port where, 0 for any
     * @param clients who vouches for its clients; {@code null} if it does not ask
     * @param protocols that it speaks; none for all
     */
    public static LoopbackBackend running(
            int port,
            X509Bundle certificate,
            @Nullable TestAuthority clients,
            LoopbackBackend.Script script,
            String... protocols)
            throws GeneralSecurityException, IOException {
        SSLServerSocket socket = (SSLServerSocket)
                context(certificate, clients).getServerSocketFactory().createServerSocket();
        socket.setNeedClientAuth(clients != null);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        return LoopbackBackend.running(socket, port, script);
    }

    /** Returns the server's side of TLS on a connection that began in the clear. */
    public static SSLSocket secure(Socket plain, X509Bundle certificate) throws GeneralSecurityException, IOException {
        SSLSocket socket =
                (SSLSocket) context(certificate, null).getSocketFactory().createSocket(plain, null, 0, false);
        socket.setUseClientMode(false);
        return socket;
    }

    private static SSLContext context(X509Bundle certificate, @Nullable TestAuthority clients)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                certificate.toKeyManagerFactory().getKeyManagers(),
                clients == null ? null : clients.own().toTrustManagerFactory().getTrustManagers(),
                new SecureRandom());
        return context;
    }
}
