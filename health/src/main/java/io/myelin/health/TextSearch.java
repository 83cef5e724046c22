package io.myelin.health;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.nio.charset.StandardCharsets;

/** Looks for a text in bytes that arrive one by one, keeping none of them. */
@OwnedBy(Owner.HEALTH_LOOP)
final class TextSearch implements BodySearch {
    /*
     * Knuth, Morris, Pratt 1977: borders[n] is the length of the longest proper prefix of the text that also ends its
     * first n bytes, which is how much of a failed match can still become one.
     */
    private final byte[] text;
    private final int[] borders;
    private int matched;

    TextSearch(String text) {
        this.text = text.getBytes(StandardCharsets.UTF_8);
        this.borders = borders(this.text);
    }

    @Override
    public void accept(byte value) {
        if (!found()) {
            matched = advance(text, borders, matched, value);
        }
    }

    @Override
    public boolean found() {
        return matched == text.length;
    }

    @Override
    public boolean foundInAll() {
        return found();
    }

    private static int[] borders(byte[] text) {
        int[] borders = new int[text.length + 1];
        for (int n = 1; n < text.length; n++) {
            borders[n + 1] = advance(text, borders, borders[n], text[n]);
        }
        return borders;
    }

    private static int advance(byte[] text, int[] borders, int matched, byte value) {
        int length = matched;
        while (length > 0 && text[length] != value) {
            length = borders[length];
        }
        return text[length] == value ? length + 1 : length;
    }
}
