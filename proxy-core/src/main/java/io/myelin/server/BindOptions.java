package io.myelin.server;

import io.myelin.tls.TlsConfig;
import io.myelin.unix.SocketFile;
import org.jspecify.annotations.Nullable;

/**
 * How a listener listens at one address.
 *
 * @param acceptProxy whether every connection must begin with a PROXY protocol header
 * @param file whom the file of a Unix socket belongs to
 * @param tls how connections are encrypted, behind a PROXY header if there is one; {@code null} for not at all
 */
public record BindOptions(
        boolean acceptProxy,
        SocketFile.Access file,
        @Nullable TlsConfig tls) {
    /** No PROXY header; the file gets what the process gives new files. */
    public static final BindOptions DEFAULT = new BindOptions(false, SocketFile.Access.DEFAULT, null);

    public BindOptions withAcceptProxy(boolean newAcceptProxy) {
        return new BindOptions(newAcceptProxy, file, tls);
    }

    public BindOptions withFile(SocketFile.Access newFile) {
        return new BindOptions(acceptProxy, newFile, tls);
    }

    public BindOptions withTls(@Nullable TlsConfig newTls) {
        return new BindOptions(acceptProxy, file, newTls);
    }
}
