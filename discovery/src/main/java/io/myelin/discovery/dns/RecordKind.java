package io.myelin.discovery.dns;

import java.util.Locale;

/** Which records of a name count. */
public enum RecordKind {
    /** IPv4 and IPv6 addresses. */
    ADDRESS,
    /** IPv4 addresses only. */
    A,
    /** IPv6 addresses only. */
    AAAA,
    /** Hosts and ports of a service (RFC 2782), and the addresses of those hosts. */
    SRV;

    /** Returns the word of the configuration. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
