package io.myelin.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Locale;

/** The header fields that mean something to a proxy; every other one is {@link #OTHER} and travels as it is. */
@SuppressWarnings("ImmutableEnumChecker") // the array is never written
enum FieldName {
    OTHER(""),
    /** A field that a rule took away: it is as if it had not come. */
    REMOVED(""),
    HOST("Host"),
    CONTENT_LENGTH("Content-Length"),
    TRANSFER_ENCODING("Transfer-Encoding", true),
    CONNECTION("Connection", true),
    KEEP_ALIVE("Keep-Alive", true),
    PROXY_CONNECTION("Proxy-Connection", true),
    TE("TE", true),
    TRAILER("Trailer", true),
    UPGRADE("Upgrade", true),
    EXPECT("Expect"),
    FORWARDED("Forwarded"),
    X_FORWARDED_FOR("X-Forwarded-For"),
    X_FORWARDED_PROTO("X-Forwarded-Proto"),
    X_FORWARDED_HOST("X-Forwarded-Host"),
    X_FORWARDED_PORT("X-Forwarded-Port"),
    X_REQUEST_ID("X-Request-Id");

    private static final FieldName[][] BY_LENGTH = byLength();

    private final byte[] lowerCase;
    private final boolean hopByHop;
    private final int bit;

    FieldName(String name) {
        this(name, false);
    }

    @SuppressWarnings("EnumOrdinal") // any number below 32 that no other field has will do
    FieldName(String name, boolean hopByHop) {
        this.hopByHop = hopByHop;
        this.bit = 1 << ordinal();
        lowerCase = name.toLowerCase(Locale.ROOT).getBytes(US_ASCII);
    }

    /** Returns the field that {@code bytes} between the two positions name. */
    static FieldName of(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length < BY_LENGTH.length) {
            for (FieldName candidate : BY_LENGTH[length]) {
                if (candidate.lowerCase[0] == Octets.lower(bytes[from])
                        && Octets.equalsIgnoreCase(bytes, from, to, candidate.lowerCase)) {
                    return candidate;
                }
            }
        }
        return OTHER;
    }

    /** Returns whether the field describes one connection only and ends there (RFC 9110 section 7.6.1). */
    boolean hopByHop() {
        return hopByHop;
    }

    /** Returns the one bit that stands for the field in a set of fields. */
    int bit() {
        return bit;
    }

    /** Returns whether the end of the message depends on the field, or what becomes of the connection. */
    boolean framing() {
        return this == CONTENT_LENGTH || this == TRANSFER_ENCODING || this == CONNECTION || this == UPGRADE;
    }

    /** Returns whether naming the field in {@code Connection} has no effect, because the message depends on it. */
    boolean protectedFromNomination() {
        return this == HOST || this == CONTENT_LENGTH || this == TRANSFER_ENCODING;
    }

    private static FieldName[][] byLength() {
        int longest = 0;
        for (FieldName name : values()) {
            longest = Math.max(longest, name.lowerCase.length);
        }
        FieldName[][] table = new FieldName[longest + 1][0];
        for (FieldName name : values()) {
            if (name.lowerCase.length > 0) {
                FieldName[] row = table[name.lowerCase.length];
                FieldName[] longer = Arrays.copyOf(row, row.length + 1);
                longer[row.length] = name;
                table[name.lowerCase.length] = longer;
            }
        }
        return table;
    }
}
