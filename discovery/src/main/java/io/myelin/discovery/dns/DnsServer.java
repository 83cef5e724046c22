package io.myelin.discovery.dns;

import java.util.List;
import java.util.Map;

/**
 * A name behind which endpoints are.
 *
 * @param name what the endpoints are called, empty if nothing
 * @param host a name, or an IP literal without brackets, which is its own address
 * @param port of every address, 1..65535; 0 with {@link RecordKind#SRV}, whose records have ports
 * @param record which records count
 * @param labels of every endpoint
 * @param nameservers asked for this name, instead of those of the service; empty for those
 */
public record DnsServer(
        String name,
        String host,
        int port,
        RecordKind record,
        Map<String, String> labels,
        List<Nameserver> nameservers) {
    public DnsServer {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host: blank (expected: a name or an IP address)");
        }
        boolean service = record == RecordKind.SRV;
        if (port < (service ? 0 : 1) || port > (service ? 0 : 65_535)) {
            throw new IllegalArgumentException("port: " + port + " (expected: "
                    + (service ? "0, since SRV records have ports" : "1..65535") + ")");
        }
        labels = Map.copyOf(labels);
        nameservers = List.copyOf(nameservers);
    }

    /** Returns a name whose addresses serve at {@code port}. */
    public static DnsServer of(String name, String host, int port) {
        return new DnsServer(name, host, port, RecordKind.ADDRESS, Map.of(), List.of());
    }

    /** Returns a service of which SRV records tell hosts and ports. */
    public static DnsServer ofService(String name, String host) {
        return new DnsServer(name, host, 0, RecordKind.SRV, Map.of(), List.of());
    }
}
