package io.myelin.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads headers of the PROXY protocol, versions 1 and 2, as strictly as they are specified. Stateless. */
public final class ProxyHeaderParser {
    /*
     * The PROXY protocol, revision 2020/03/05, by Willy Tarreau (proxy-protocol.txt of HAProxy).
     *
     * Version 1, section 2.1: one line of at most 107 bytes, CRLF included,
     *   PROXY TCP4|TCP6 <source> <destination> <source port> <destination port>CRLF, single spaces, decimal ports
     *   without leading zeros; or PROXY UNKNOWN and anything up to CRLF, which is ignored.
     *
     * Version 2, section 2.2: 12 bytes of signature; version (2) and command (0 LOCAL, 1 PROXY); family and transport;
     *   length of what follows: addresses of the family, then TLVs. LOCAL and unspecified families are skipped whole.
     *   A CRC32C (type 3) covers the header with the four bytes of the checksum itself as zeros.
     */
    /** The longest header that is accepted, in bytes: HAProxy's own limit, a buffer, and far beyond any real one. */
    public static final int MAX_BYTES = 16 * 1024;

    private static final int MAX_LINE_BYTES = 107;
    private static final int FIXED_BYTES = 16;
    private static final int INET_BYTES = 12;
    private static final int INET6_BYTES = 36;
    private static final int UNIX_BYTES = 216;
    private static final int TLV_HEAD_BYTES = 3;
    private static final int TLV_CRC32C = 3;
    private static final int CRC_BYTES = 4;

    private static final byte[] LINE_START = "PROXY ".getBytes(ISO_8859_1);
    static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final Pattern PORT = Pattern.compile("0|[1-9]\\d{0,4}");
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9A-Fa-f:.]{2,39}");

    private ProxyHeaderParser() {}

    /**
     * Reads the header that {@code bytes} begin with.
     *
     * @param length how many of the bytes there are
     */
    public static ProxyHeader parse(byte[] bytes, int length) {
        if (length == 0) {
            return ProxyHeader.INCOMPLETE;
        }
        if (begins(bytes, length, LINE_START)) {
            return length < LINE_START.length ? ProxyHeader.INCOMPLETE : line(bytes, length);
        }
        if (begins(bytes, length, SIGNATURE)) {
            return length < SIGNATURE.length ? ProxyHeader.INCOMPLETE : binary(bytes, length);
        }
        return ProxyHeader.malformed("does not begin with a PROXY header");
    }

    /** Returns whether as many bytes as there are agree with {@code start}. */
    private static boolean begins(byte[] bytes, int length, byte[] start) {
        int common = Math.min(length, start.length);
        return Arrays.equals(bytes, 0, common, start, 0, common);
    }

    // Version 1.

    private static ProxyHeader line(byte[] bytes, int length) {
        int limit = Math.min(length, MAX_LINE_BYTES);
        for (int at = LINE_START.length; at < limit; at++) {
            if (bytes[at] == '\n') {
                return ProxyHeader.malformed("version 1: a line feed without a carriage return");
            }
            if (bytes[at] == '\r' && at + 1 < limit) {
                return bytes[at + 1] == '\n'
                        ? lineOf(new String(bytes, LINE_START.length, at - LINE_START.length, ISO_8859_1), at + 2)
                        : ProxyHeader.malformed("version 1: a carriage return without a line feed");
            }
        }
        return length < MAX_LINE_BYTES
                ? ProxyHeader.INCOMPLETE
                : ProxyHeader.malformed("version 1: no line end within " + MAX_LINE_BYTES + " bytes");
    }

    private static ProxyHeader lineOf(String text, int length) {
        String[] words = text.split(" ", -1);
        String family = words[0];
        if (family.equals("UNKNOWN")) {
            return ProxyHeader.complete(length, null);
        }
        if (!family.equals("TCP4") && !family.equals("TCP6")) {
            return ProxyHeader.malformed("version 1: neither TCP4 nor TCP6 nor UNKNOWN");
        }
        if (words.length != 5) {
            return ProxyHeader.malformed("version 1: not two addresses and two ports");
        }
        boolean four = family.equals("TCP4");
        InetAddress source = address(words[1], four);
        InetAddress destination = address(words[2], four);
        if (source == null || destination == null) {
            return ProxyHeader.malformed("version 1: not an address of " + (four ? "IPv4" : "IPv6"));
        }
        int sourcePort = port(words[3]);
        int destinationPort = port(words[4]);
        if (sourcePort < 0 || destinationPort < 0) {
            return ProxyHeader.malformed("version 1: not a port");
        }
        return ProxyHeader.complete(
                length,
                new ConnectionEnds(
                        new InetSocketAddress(source, sourcePort),
                        new InetSocketAddress(destination, destinationPort)));
    }

    private static @Nullable InetAddress address(String text, boolean four) {
        boolean literal = four
                ? IPV4.matcher(text).matches()
                : IPV6_CHARACTERS.matcher(text).matches() && NetUtil.isValidIpV6Address(text);
        byte[] bytes = literal ? NetUtil.createByteArrayFromIpAddressString(text) : null;
        return bytes == null ? null : address(bytes);
    }

    private static int port(String text) {
        if (!PORT.matcher(text).matches()) {
            return -1;
        }
        int port = Integer.parseInt(text);
        return port > 65_535 ? -1 : port;
    }

    // Version 2.

    private static ProxyHeader binary(byte[] bytes, int length) {
        if (length > 12 && bytes[12] >> 4 != 2) {
            return ProxyHeader.malformed("version 2: another version than 2");
        }
        if (length > 12 && (bytes[12] & 0xf) > 1) {
            return ProxyHeader.malformed("version 2: neither LOCAL nor PROXY");
        }
        if (length > 13 && !assigned(bytes[13] & 0xff)) {
            return ProxyHeader.malformed("version 2: an unassigned family or transport");
        }
        if (length < FIXED_BYTES) {
            return ProxyHeader.INCOMPLETE;
        }
        int total = FIXED_BYTES + number(bytes, 14);
        boolean local = (bytes[12] & 0xf) == 0;
        int family = (bytes[13] & 0xff) >> 4;
        if (total > MAX_BYTES) {
            return ProxyHeader.malformed("version 2: longer than " + MAX_BYTES + " bytes");
        }
        if (!local && total < FIXED_BYTES + addressBytes(family)) {
            return ProxyHeader.malformed("version 2: too short for its addresses");
        }
        if (length < total) {
            return ProxyHeader.INCOMPLETE;
        }
        if (local || family == 0) {
            return ProxyHeader.complete(total, null);
        }
        String broken = brokenTlv(bytes, FIXED_BYTES + addressBytes(family), total);
        return broken == null
                ? ProxyHeader.complete(total, ends(bytes, family))
                : ProxyHeader.malformed("version 2: " + broken);
    }

    /** The combinations of section 2.2; all others must be refused. */
    private static boolean assigned(int familyAndTransport) {
        return switch (familyAndTransport) {
            case 0x00, 0x11, 0x12, 0x21, 0x22, 0x31, 0x32 -> true;
            default -> false;
        };
    }

    private static int addressBytes(int family) {
        return switch (family) {
            case 1 -> INET_BYTES;
            case 2 -> INET6_BYTES;
            case 3 -> UNIX_BYTES;
            default -> 0;
        };
    }

    /** Returns what is wrong with the TLVs from {@code at} up to {@code end}, {@code null} if nothing is. */
    private static @Nullable String brokenTlv(byte[] bytes, int start, int end) {
        int checksumAt = -1;
        for (int at = start; at < end; at += TLV_HEAD_BYTES + number(bytes, at + 1)) {
            if (end - at < TLV_HEAD_BYTES || end - at - TLV_HEAD_BYTES < number(bytes, at + 1)) {
                return "a TLV that is longer than the header";
            }
            if (bytes[at] == TLV_CRC32C) {
                if (number(bytes, at + 1) != CRC_BYTES || checksumAt >= 0) {
                    return "not one CRC32C of four bytes";
                }
                checksumAt = at + TLV_HEAD_BYTES;
            }
        }
        return checksumAt < 0 || checksumFits(bytes, checksumAt, end) ? null : "the CRC32C does not match";
    }

    private static boolean checksumFits(byte[] bytes, int at, int end) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, at);
        crc.update(new byte[CRC_BYTES]);
        crc.update(bytes, at + CRC_BYTES, end - at - CRC_BYTES);
        return crc.getValue() == ((long) number(bytes, at) << 16 | number(bytes, at + 2));
    }

    private static ConnectionEnds ends(byte[] bytes, int family) {
        int at = FIXED_BYTES;
        if (family == 3) {
            return new ConnectionEnds(unix(bytes, at), unix(bytes, at + UNIX_BYTES / 2));
        }
        int width = family == 1 ? 4 : 16;
        int ports = at + 2 * width;
        return new ConnectionEnds(
                new InetSocketAddress(address(Arrays.copyOfRange(bytes, at, at + width)), number(bytes, ports)),
                new InetSocketAddress(address(Arrays.copyOfRange(bytes, at + width, ports)), number(bytes, ports + 2)));
    }

    private static DomainSocketAddress unix(byte[] bytes, int at) {
        int end = at;
        while (end < at + UNIX_BYTES / 2 && bytes[end] != 0) {
            end++;
        }
        return new DomainSocketAddress(new String(bytes, at, end - at, ISO_8859_1));
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("address of " + bytes.length + " bytes (expected: 4 or 16)", e);
        }
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }
}
