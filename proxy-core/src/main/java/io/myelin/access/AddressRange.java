package io.myelin.access;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The IP addresses that begin with the same bits (RFC 4632, RFC 4291 section 2.3). Immutable.
 *
 * <p>An IPv4 address written as IPv6 ({@code ::ffff:10.0.0.1}) is the IPv4 address, and one in a range of IPv6
 * addresses counts as the one that stands for it there (RFC 4291 section 2.5.5.2), as in HAProxy.
 */
public final class AddressRange {
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9A-Fa-f:][0-9A-Fa-f:.]*");

    private final byte[] network;
    private final int prefixBits;

    private AddressRange(byte[] network, int prefixBits) {
        this.network = network;
        this.prefixBits = prefixBits;
        clearHostBits();
    }

    private void clearHostBits() {
        for (int bit = prefixBits; bit < network.length * 8; bit++) {
            network[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
    }

    /**
     * Returns the range that {@code text} is, {@code null} if it is none.
     *
     * @param text {@code ADDRESS}, {@code ADDRESS/BITS}, or for IPv4 also {@code ADDRESS/MASK}; bits beyond the prefix
     *     mean nothing, as in HAProxy
     */
    public static @Nullable AddressRange parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = addressOf(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return null;
        }
        if (slash >= 0 && address.length == 4 && text.indexOf(':') >= 0) {
            address = mapped(address);
        }
        int bits = slash < 0 ? address.length * 8 : bitsOf(text.substring(slash + 1), address.length);
        return bits < 0 ? null : new AddressRange(address, bits);
    }

    /** Returns the bytes of an IP literal, without ever asking a resolver; {@code null} if it is none. */
    private static byte @Nullable [] addressOf(String text) {
        Matcher ipv4 = IPV4.matcher(text);
        if (ipv4.matches()) {
            byte[] bytes = new byte[4];
            for (int i = 0; i < 4; i++) {
                int number = Integer.parseInt(ipv4.group(i + 1));
                if (number > 255) {
                    return null;
                }
                bytes[i] = (byte) number;
            }
            return bytes;
        }
        if (!IPV6.matcher(text).matches()) {
            return null;
        }
        try {
            // A text with a colon and none but these characters is a literal or nothing: no name is looked up.
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException ignored) {
            // The caller says what was expected.
            return null;
        }
    }

    /** Returns the length of the prefix, -1 if {@code text} is none. */
    private static int bitsOf(String text, int bytes) {
        if (text.matches("\\d{1,3}")) {
            int bits = Integer.parseInt(text);
            return bits <= bytes * 8 ? bits : -1;
        }
        byte[] mask = bytes == 4 ? addressOf(text) : null;
        if (mask == null || mask.length != 4) {
            return -1;
        }
        int number = (mask[0] & 0xff) << 24 | (mask[1] & 0xff) << 16 | (mask[2] & 0xff) << 8 | (mask[3] & 0xff);
        int bits = Integer.numberOfLeadingZeros(~number);
        return number == prefixMask(bits) ? bits : -1;
    }

    private static int prefixMask(int bits) {
        return bits == 0 ? 0 : -1 << (32 - bits);
    }

    /** Returns whether {@code address} is one of them. */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length > network.length) {
            return false;
        }
        if (bytes.length < network.length) {
            bytes = mapped(bytes);
        }
        int whole = prefixBits / 8;
        if (!Arrays.equals(bytes, 0, whole, network, 0, whole)) {
            return false;
        }
        int rest = prefixBits % 8;
        return rest == 0 || (bytes[whole] ^ network[whole]) >>> (8 - rest) << (8 - rest) == 0;
    }

    private static byte[] mapped(byte[] ipv4) {
        byte[] ipv6 = new byte[16];
        ipv6[10] = (byte) 0xff;
        ipv6[11] = (byte) 0xff;
        System.arraycopy(ipv4, 0, ipv6, 12, 4);
        return ipv6;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AddressRange range
                && prefixBits == range.prefixBits
                && Arrays.equals(network, range.network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + prefixBits;
    }

    @Override
    public String toString() {
        try {
            InetAddress address = InetAddress.getByAddress(network);
            String text = address.getHostAddress();
            int whole = address instanceof Inet4Address ? 32 : 128;
            return prefixBits == whole ? text : text + "/" + prefixBits;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("address of " + network.length + " bytes (expected: 4 or 16)", e);
        }
    }
}
