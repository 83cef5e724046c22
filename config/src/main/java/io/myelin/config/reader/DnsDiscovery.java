package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.BindLine;
import io.myelin.config.reader.Section.Item;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.dns.DnsConfig;
import io.myelin.discovery.dns.DnsOptions;
import io.myelin.discovery.dns.DnsServer;
import io.myelin.discovery.dns.Nameserver;
import io.myelin.discovery.dns.RecordKind;
import io.myelin.server.BindAddress;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the {@code discovery} of a service whose endpoints are behind names. */
final class DnsDiscovery implements DiscoveryMethod {
    static final Keys KEYS = Keys.of(List.of("servers", "nameserver", "check_interval", "min_ttl"), List.of());
    static final Keys SERVER = Keys.of(List.of("name", "host", "port", "record", "nameserver", "labels"), List.of());

    private static final String FORMS = "host:port, a service such as _http._tcp.example.com, or a map with host";
    private static final String NAMESERVER_FORMS = "host or host:port";

    private final Section service;

    /** Creates a reader for a service, which may say what port its endpoints have. */
    DnsDiscovery(Section service) {
        this.service = service;
    }

    @Override
    public Keys keys() {
        return KEYS;
    }

    @Override
    public @Nullable DiscoveryConfig read(Section discovery) {
        List<DnsServer> servers = new ArrayList<>();
        for (Item item : discovery.items("servers")) {
            DnsServer server = server(item, discovery);
            if (server != null) {
                servers.add(server);
            }
        }
        if (discovery.items("servers").isEmpty()) {
            Where where = discovery.has("servers") ? discovery.where("servers") : discovery.where();
            discovery.problems().error(where, "has no servers", FORMS);
        }
        DnsOptions options = options(discovery);
        return servers.isEmpty() ? null : new DnsConfig(servers, options);
    }

    /** Reads whom to ask for names, and how often. */
    static DnsOptions options(Section discovery) {
        Duration checkInterval = Seconds.positive(discovery, "check_interval", DnsOptions.DEFAULT.checkInterval());
        Duration minTtl = Seconds.positive(discovery, "min_ttl", DnsOptions.DEFAULT.minTtl());
        return new DnsOptions(nameservers(discovery), checkInterval, minTtl);
    }

    private static List<Nameserver> nameservers(Section section) {
        List<Nameserver> nameservers = new ArrayList<>();
        for (String texts : section.texts("nameserver")) {
            for (String text : texts.split(",", -1)) {
                Nameserver nameserver = Nameserver.parse(text);
                if (nameserver == null) {
                    section.problems().error(section.where("nameserver"), text, NAMESERVER_FORMS);
                } else {
                    nameservers.add(nameserver);
                }
            }
        }
        return nameservers;
    }

    private @Nullable DnsServer server(Item item, Section discovery) {
        if (item.node() instanceof Scalar scalar) {
            return written(scalar.text().strip(), item.where(), discovery.problems());
        }
        Section server = discovery.section(item);
        return server == null ? null : described(server);
    }

    /** Reads {@code host:port} or {@code host}, as some of Synapse's files have it. */
    private @Nullable DnsServer written(String text, Where where, Problems problems) {
        BindAddress address = BindLine.parse(text);
        boolean complete = address != null && !address.unix() && !address.host().equals("*");
        if (complete && address != null && address.port() > 0) {
            return DnsServer.of("", address.host(), address.port());
        }
        String host = host(text);
        if (host == null) {
            problems.error(where, text, FORMS);
            return null;
        }
        return server(new Draft("", host, null, kind(host, null), Map.of(), List.of()), where, problems);
    }

    private @Nullable DnsServer described(Section server) {
        server.allow(SERVER);
        Problems problems = server.problems();
        String written = server.text("host");
        if (written == null) {
            problems.error(server.where(), "has no host", FORMS);
            return null;
        }
        String host = host(written.strip());
        if (host == null) {
            problems.error(server.where("host"), written, "a name or an IP address");
            return null;
        }
        Integer port = server.number("port", 1, 65_535);
        if (port == null && server.has("port")) {
            return null;
        }
        String record = server.text("record", "(?i)address|a|aaaa|srv", "address, a, aaaa or srv");
        String name = server.text("name");
        Draft draft = new Draft(
                name == null ? "" : name,
                host,
                port,
                record == null ? kind(host, port) : RecordKind.valueOf(record.toUpperCase(Locale.ROOT)),
                new ServersReader(true, problems).labels(server),
                nameservers(server));
        if (port != null && draft.kind() == RecordKind.SRV) {
            problems.warning(server.where("port"), "has no effect: SRV records have ports");
        }
        return server(draft, server.where(), problems);
    }

    private @Nullable DnsServer server(Draft draft, Where where, Problems problems) {
        if (draft.kind() == RecordKind.SRV) {
            return new DnsServer(draft.name(), draft.host(), 0, draft.kind(), draft.labels(), draft.nameservers());
        }
        Integer port = draft.port() == null ? StatedPort.of(service) : draft.port();
        if (port == null) {
            problems.error(where, "has no port", FORMS);
            return null;
        }
        return new DnsServer(draft.name(), draft.host(), port, draft.kind(), draft.labels(), draft.nameservers());
    }

    /** A name is that of a service if it looks like one, or if nothing else could tell the ports. */
    private RecordKind kind(String host, @Nullable Integer port) {
        boolean literal = NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
        boolean portless = port == null && StatedPort.of(service) == null && !literal;
        return host.startsWith("_") || portless ? RecordKind.SRV : RecordKind.ADDRESS;
    }

    private static @Nullable String host(String text) {
        String host = text.isEmpty() ? null : BindLine.host(text);
        return host == null || host.equals("*") || host.startsWith(".") || host.contains("..") ? null : host;
    }

    private record Draft(
            String name,
            String host,
            @Nullable Integer port,
            RecordKind kind,
            Map<String, String> labels,
            List<Nameserver> nameservers) {}
}
