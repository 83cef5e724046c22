package io.myelin.server;

import io.myelin.unix.SocketFile;

/**
 * How a listener listens at one address.
 *
 * @param acceptProxy whether every connection must begin with a PROXY protocol header
 * @param file whom the file of a Unix socket belongs to
 */
public record BindOptions(boolean acceptProxy, SocketFile.Access file) {
    /** No PROXY header; the file gets what the process gives new files. */
    public static final BindOptions DEFAULT = new BindOptions(false, SocketFile.Access.DEFAULT);

    public BindOptions withAcceptProxy(boolean newAcceptProxy) {
        return new BindOptions(newAcceptProxy, file);
    }

    public BindOptions withFile(SocketFile.Access newFile) {
        return new BindOptions(acceptProxy, newFile);
    }
}
