package io.myelin.discovery.dns;

import java.util.List;

/**
 * What is asked of name servers.
 *
 * @param host a name, an IP literal without brackets, or the path of a Unix socket; the latter two answer themselves
 * @param kind which records count
 * @param nameservers asked in this order; empty for those of the system
 */
public record Question(String host, RecordKind kind, List<Nameserver> nameservers) {
    public Question {
        nameservers = List.copyOf(nameservers);
    }
}
