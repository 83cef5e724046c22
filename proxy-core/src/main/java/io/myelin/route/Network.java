package io.myelin.route;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IP addresses with a common beginning. IPv4 addresses count as the IPv6 ones that stand for them (RFC 4291
 * section 2.5.5.2).
 *
 * @param high the first 64 bits of its first address
 * @param low the other 64
 * @param bits how many bits are common, 0..128
 */
public record Network(long high, long low, int bits) {
    private static final int BITS = 128;
    private static final int IPV4_OFFSET = 96;
    private static final long IPV4_PREFIX = 0xffff_0000_0000L;
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(?:/(\\d{1,3}))?");

    public Network {
        if (bits < 0 || bits > BITS) {
            throw new IllegalArgumentException("bits: " + bits + " (expected: 0.." + BITS + ")");
        }
        high &= highMask(bits);
        low &= lowMask(bits);
    }

    /**
     * Returns the network that {@code text} is: an address, or one with a slash and a number of bits.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Network of(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw notANetwork(text);
        }
        String literal = matcher.group(1);
        boolean four = literal.indexOf(':') < 0;
        int width = four ? BITS - IPV4_OFFSET : BITS;
        int bits = matcher.group(2) == null ? width : Integer.parseInt(matcher.group(2));
        if (bits > width) {
            throw notANetwork(text);
        }
        try {
            // The form admits nothing that would be looked up as a name.
            byte[] address = InetAddress.getByName(literal).getAddress();
            boolean mapped = address.length == 4;
            return new Network(high(address), low(address), four ? bits + IPV4_OFFSET : mapped ? BITS : bits);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("`" + text + "` is not an address or network", e);
        }
    }

    private static IllegalArgumentException notANetwork(String text) {
        return new IllegalArgumentException("`" + text + "` is not an address or network");
    }

    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return (high(bytes) & highMask(bits)) == high && (low(bytes) & lowMask(bits)) == low;
    }

    private static long high(byte[] address) {
        return address.length == 4 ? 0 : number(address, 0, Long.BYTES);
    }

    private static long low(byte[] address) {
        return address.length == 4
                ? IPV4_PREFIX | number(address, 0, Integer.BYTES)
                : number(address, Long.BYTES, Long.BYTES);
    }

    private static long number(byte[] address, int from, int length) {
        long number = 0;
        for (int i = from; i < from + length; i++) {
            number = number << Byte.SIZE | (address[i] & 0xff);
        }
        return number;
    }

    private static long highMask(int bits) {
        return bits == 0 ? 0 : -1L << Math.max(0, Long.SIZE - bits);
    }

    private static long lowMask(int bits) {
        return bits <= Long.SIZE ? 0 : -1L << (BITS - bits);
    }
}
