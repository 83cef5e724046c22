package io.myelin.discovery.polling;

/** Text that somebody else made, for messages and logs. */
public final class Foreign {
    private static final int LONGEST = 500;

    private Foreign() {}

    /** Returns {@code text} as one line of bearable length. */
    public static String line(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }
}
