package io.myelin.discovery.dns;

import io.netty.handler.codec.dns.DnsRecordType;

/** The addresses of one family that a host has: what is asked at once, and fails for itself. */
record Part(String host, DnsRecordType family) {
    @Override
    public String toString() {
        return host + " " + family.name();
    }
}
