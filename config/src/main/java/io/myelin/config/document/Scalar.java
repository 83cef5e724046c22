package io.myelin.config.document;

/**
 * A single text.
 *
 * @param text without quotes and escapes
 * @param quoted whether it was written so that it can be nothing but a text
 */
public record Scalar(Place place, String text, boolean quoted) implements Node {
    /** Returns whether it stands for no value. */
    public boolean absent() {
        return !quoted && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
    }

    @Override
    public String kind() {
        return absent() ? "null" : "a text";
    }
}
