package io.myelin.discovery.dns;

/** Says why no name server could tell about a name; that a name does not exist is no failure. */
final class DnsFailureException extends Exception {
    private static final long serialVersionUID = 1L;

    DnsFailureException(String message) {
        super(message);
    }
}
