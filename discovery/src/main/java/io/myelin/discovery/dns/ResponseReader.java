package io.myelin.discovery.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what a response says of one name, through the aliases that it holds itself. */
final class ResponseReader {
    /*
     * A recursive name server answers with the whole chain: "web CNAME a", "a CNAME b", "b A 10.0.0.1". What holds for
     * web holds as long as each link does. A chain that leaves the response ends in an alias, to be asked about.
     */
    private static final int MAX_ALIASES = 16;
    /** Anything else is no host, and has no business in logs and in the names of members. */
    private static final Pattern HOST = Pattern.compile("[0-9A-Za-z._-]{1,255}");

    private final String name;
    private final DnsRecordType type;
    private final Runnable onIgnored;
    private final Map<String, DnsRawRecord> aliases = new HashMap<>();
    private final List<DnsRawRecord> records = new ArrayList<>();

    /**
     * Creates a reader for one response.
     *
     * @param name what was asked about
     * @param type A, AAAA or SRV
     * @param onIgnored told about every record that cannot be used
     */
    ResponseReader(String name, DnsRecordType type, Runnable onIgnored) {
        this.name = name;
        this.type = type;
        this.onIgnored = onIgnored;
    }

    /** Returns what {@code response} says, which is no error; borrows it. */
    Reply read(DnsResponse response) throws DnsFailureException {
        sort(response);
        String owner = canonical(name);
        long ttlSeconds = Reply.UNSTATED;
        for (int hops = 0; aliases.containsKey(owner); hops++) {
            DnsRawRecord alias = aliases.get(owner);
            String next = alias == null ? null : nameIn(alias.content().duplicate());
            if (alias == null || next == null || hops == MAX_ALIASES) {
                throw new DnsFailureException("aliases of " + name + " lead nowhere");
            }
            ttlSeconds = Math.min(ttlSeconds, alias.timeToLive());
            owner = canonical(next);
        }
        Reply reply = type.equals(DnsRecordType.SRV) ? services(owner) : addresses(owner);
        boolean aliased = !owner.equals(canonical(name));
        String alias = aliased && reply.empty() ? withoutRoot(owner) : null;
        long own = reply.empty() ? NegativeTtl.of(response) : reply.ttlSeconds();
        return new Reply(
                reply.addresses(), reply.services(), alias, Math.min(ttlSeconds, alias == null ? own : ttlSeconds));
    }

    /** Returns {@code name} without the dot at its end. */
    static String withoutRoot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private void sort(DnsResponse response) {
        for (int index = 0; index < response.count(DnsSection.ANSWER); index++) {
            DnsRecord record = response.recordAt(DnsSection.ANSWER, index);
            if (record instanceof DnsRawRecord raw) {
                if (record.type().equals(DnsRecordType.CNAME)) {
                    aliases.putIfAbsent(canonical(record.name()), raw);
                } else if (record.type().equals(type)) {
                    records.add(raw);
                }
            }
        }
    }

    private Reply addresses(String owner) {
        List<String> addresses = new ArrayList<>();
        long ttlSeconds = Reply.UNSTATED;
        for (DnsRawRecord record : records) {
            String address = canonical(record.name()).equals(owner) ? address(record.content()) : null;
            if (address != null) {
                addresses.add(address);
                ttlSeconds = Math.min(ttlSeconds, record.timeToLive());
            }
        }
        return new Reply(addresses, List.of(), null, ttlSeconds);
    }

    private Reply services(String owner) {
        List<ServiceRecord> services = new ArrayList<>();
        long ttlSeconds = Reply.UNSTATED;
        for (DnsRawRecord record : records) {
            ServiceRecord service = canonical(record.name()).equals(owner) ? service(record.content()) : null;
            if (service != null) {
                services.add(service);
                ttlSeconds = Math.min(ttlSeconds, record.timeToLive());
            }
        }
        return new Reply(List.of(), services, null, ttlSeconds);
    }

    private @Nullable String address(ByteBuf content) {
        try {
            InetAddress address = InetAddress.getByAddress(ByteBufUtil.getBytes(content));
            // Connecting to 0.0.0.0 reaches this host: blocking name servers answer so for what does not exist.
            if (!address.isAnyLocalAddress() && !address.isMulticastAddress()) {
                return NetUtil.toAddressString(address);
            }
        } catch (UnknownHostException ignored) {
            // A record of another length than an address has.
        }
        onIgnored.run();
        return null;
    }

    /** Returns {@code null} also for the root as host, which says that there is no such service. */
    private @Nullable ServiceRecord service(ByteBuf content) {
        ByteBuf rest = content.duplicate();
        if (rest.readableBytes() > 6) {
            int priority = rest.readUnsignedShort();
            int weight = rest.readUnsignedShort();
            int port = rest.readUnsignedShort();
            String host = nameIn(rest);
            if (".".equals(host)) {
                return null;
            }
            if (host != null && port > 0) {
                return new ServiceRecord(withoutRoot(host), port, priority, weight);
            }
        }
        onIgnored.run();
        return null;
    }

    private static @Nullable String nameIn(ByteBuf content) {
        try {
            String read = DefaultDnsRecordDecoder.decodeName(content);
            return HOST.matcher(read).matches() ? read : null;
        } catch (CorruptedFrameException | IndexOutOfBoundsException ignored) {
            // The caller says what that means.
            return null;
        }
    }

    private static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower : lower + ".";
    }
}
