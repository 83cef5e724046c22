package io.myelin.discovery.dns;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;

/** How long the answer holds that there is no such name, or nothing of what was asked about it. */
final class NegativeTtl {
    /*
     * RFC 2308, section 5: the SOA record among the authorities, the last field of which is the zone's MINIMUM; the
     * answer holds for that many seconds, or for the record's own TTL if that is less. An answer without such a record
     * does not say. Before the five numbers at its end the record has two names of at least one octet.
     */
    private static final int LEAST_OCTETS = 2 + 5 * Integer.BYTES;

    private NegativeTtl() {}

    /** Returns seconds, {@link Reply#UNSTATED} if {@code response} does not say; borrows it. */
    static long of(DnsResponse response) {
        for (int index = 0; index < response.count(DnsSection.AUTHORITY); index++) {
            if (response.recordAt(DnsSection.AUTHORITY, index) instanceof DnsRawRecord record
                    && record.type().equals(DnsRecordType.SOA)
                    && record.content().readableBytes() >= LEAST_OCTETS) {
                return Math.min(record.timeToLive(), minimum(record.content()));
            }
        }
        return Reply.UNSTATED;
    }

    private static long minimum(ByteBuf content) {
        return content.getUnsignedInt(content.writerIndex() - Integer.BYTES);
    }
}
