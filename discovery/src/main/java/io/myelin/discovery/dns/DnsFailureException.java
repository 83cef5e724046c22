package io.myelin.discovery.dns;

import io.myelin.discovery.polling.Foreign;

/** Says why no name server could tell about a name; that a name does not exist is no failure. */
final class DnsFailureException extends Exception {
    private static final long serialVersionUID = 1L;

    DnsFailureException(String message) {
        super(Foreign.line(message));
    }
}
