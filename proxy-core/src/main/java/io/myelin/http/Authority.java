package io.myelin.http;

/** What may stand in a Host field (RFC 9110 section 7.2): a host, and a port if it is not the default one. */
final class Authority {
    private Authority() {}

    /** Returns whether the bytes between the two positions are a host with an optional port, and nothing else. */
    static boolean valid(byte[] bytes, int from, int to) {
        if (from == to) {
            return false;
        }
        int portAt = -1;
        boolean bracketed = bytes[from] == '[';
        int closing = -1;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (!Octets.isAuthority(b)) {
                return false;
            }
            if ((b == '[' && i > from) || (b == ']' && (!bracketed || closing >= 0))) {
                return false;
            }
            if (b == ']') {
                closing = i;
            } else if (b == ':' && (!bracketed || closing >= 0)) {
                if (portAt >= 0) {
                    return false;
                }
                portAt = i;
            }
        }
        if (bracketed && (closing < from + 3 || closing + 1 != (portAt < 0 ? to : portAt))) {
            return false;
        }
        return portAt < 0 || (portAt > from && digits(bytes, portAt + 1, to));
    }

    private static boolean digits(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Octets.isDigit(bytes[i])) {
                return false;
            }
        }
        return to - from <= 5;
    }
}
