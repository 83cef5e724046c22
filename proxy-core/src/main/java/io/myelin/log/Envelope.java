package io.myelin.log;

/**
 * What stands around a line: the header of a syslog message, or nothing; and which lines are sent at all.
 *
 * @param form which header
 * @param facility of syslog, 0..23
 * @param leastSevere the highest level number that is sent; a request is {@link #INFO} or {@link #ERROR}
 * @param mostSevere the lowest level number that a message claims
 * @param tag the name of the program
 * @param maxBytes beyond which a message is cut
 */
public record Envelope(Form form, int facility, int leastSevere, int mostSevere, String tag, int maxBytes) {
    /** The level of what did not go well, where that is told apart. */
    public static final int ERROR = 3;
    /** The level of a request or tunnel. */
    public static final int INFO = 6;

    /** Every line, as it is. */
    public static final Envelope NONE = new Envelope(Form.RAW, 0, 7, 0, "", Integer.MAX_VALUE);

    /** The header of a message. */
    public enum Form {
        /** RFC 3164 without the host's name: what HAProxy sends unless told otherwise. */
        LOCAL,
        /** RFC 3164. */
        RFC3164,
        /** RFC 5424. */
        RFC5424,
        /** Facility and level only. */
        PRIORITY,
        /** The level only. */
        SHORT,
        /** The level and the time. */
        TIMED,
        /** The time only. */
        ISO,
        /** Nothing. */
        RAW
    }

    public Envelope {
        if (facility < 0 || facility > 23) {
            throw new IllegalArgumentException("facility: " + facility + " (expected: 0..23)");
        }
    }

    /** Returns the same envelope with another tag. */
    public Envelope named(String newTag) {
        return new Envelope(form, facility, leastSevere, mostSevere, newTag, maxBytes);
    }
}
