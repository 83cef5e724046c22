package io.myelin.config.reader;

import io.myelin.pool.PortOverride;
import org.jspecify.annotations.Nullable;

/** Reads what replaces the ports of discovered endpoints. */
final class PortOverrides {
    private static final String FORMS = "1..65535, or +N or -N to count from the registered port";

    private PortOverrides() {}

    /** Returns what {@code key} says, {@code null} if it is not there or cannot be used. */
    static @Nullable PortOverride read(Section section, String key) {
        String text = section.text(key, "[+-]?\\d{1,5}", FORMS);
        if (text == null) {
            return null;
        }
        try {
            int number = Integer.parseInt(text);
            return Character.isDigit(text.charAt(0)) ? PortOverride.to(number) : PortOverride.by(number);
        } catch (IllegalArgumentException ignored) {
            section.problems().error(section.where(key), text, FORMS);
            return null;
        }
    }
}
