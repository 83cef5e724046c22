package io.myelin.http;

/** What may stand in a Host field (RFC 9110 section 7.2): a host, and a port if it is not the default one. */
final class Authority {
    private static final int MOST_PORT_DIGITS = 5;
    private static final int HIGHEST_PORT = 65_535;

    private Authority() {}

    /** Returns whether the bytes between the two positions are a host with an optional port, and nothing else. */
    static boolean valid(byte[] bytes, int from, int to) {
        if (from == to) {
            return false;
        }
        int end = bytes[from] == '[' ? endOfAddress(bytes, from + 1, to) : endOfName(bytes, from, to);
        return end > from && (end == to || (bytes[end] == ':' && isPort(bytes, end + 1, to)));
    }

    /** Returns the position after the bracket that ends an IPv6 address, -1 if something else is in the brackets. */
    private static int endOfAddress(byte[] bytes, int from, int to) {
        int colons = 0;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == ']') {
                return colons > 1 ? i + 1 : -1;
            }
            if (b == ':') {
                colons++;
            } else if (b != '.' && Octets.hex(b) < 0) {
                return -1;
            }
        }
        return -1;
    }

    /** Returns the position after a name or an IPv4 address, -1 if it has a broken escape. */
    private static int endOfName(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && Octets.isHostName(bytes[at])) {
            if (bytes[at] == '%') {
                if (at + 2 >= to || Octets.hex(bytes[at + 1]) < 0 || Octets.hex(bytes[at + 2]) < 0) {
                    return -1;
                }
                at += 2;
            }
            at++;
        }
        return at;
    }

    /** Returns whether the bytes are a port, which may be empty. */
    private static boolean isPort(byte[] bytes, int from, int to) {
        int port = 0;
        for (int i = from; i < to; i++) {
            if (!Octets.isDigit(bytes[i])) {
                return false;
            }
            port = port * 10 + (bytes[i] - '0');
            if (i - from >= MOST_PORT_DIGITS) {
                return false;
            }
        }
        return port <= HIGHEST_PORT;
    }
}
