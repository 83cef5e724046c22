package io.myelin.tls;

import javax.net.ssl.SSLHandshakeException;

/** The client asked for a name that no certificate is here for. */
final class UnknownNameException extends SSLHandshakeException {
    private static final long serialVersionUID = 1;

    UnknownNameException(String message) {
        super(message);
    }
}
