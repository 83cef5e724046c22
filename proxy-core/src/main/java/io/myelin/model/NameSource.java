package io.myelin.model;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client says that names whom a member is asked for by TLS (RFC 6066 section 3).
 *
 * @param header the field of the request whose first value it is, without a port, in lower case; {@code null} for the
 *     name that the client itself asked for by TLS
 */
public record NameSource(@Nullable String header) {
    /** Whom the client asked for by TLS. */
    public static final NameSource CLIENT_TLS = new NameSource(null);

    private static final int MOST_CHARACTERS = 253;
    private static final Pattern HOST = Pattern.compile("([a-z0-9_-]+(?:\\.[a-z0-9_-]+)*)\\.?(?::\\d*)?");
    private static final Pattern ADDRESS = Pattern.compile("\\[([0-9a-f:.]+)](?::\\d*)?");

    public NameSource {
        if (header != null) {
            header = header.toLowerCase(Locale.ROOT);
            if (header.isBlank()) {
                throw new IllegalArgumentException("header: blank (expected: the name of a field)");
            }
        }
    }

    /**
     * Returns the name in {@code value}, in lower case and without port, brackets and a dot at its end; {@code null} if
     * it names no host.
     */
    public static @Nullable String nameIn(@Nullable CharSequence value) {
        if (value == null) {
            return null;
        }
        String text = value.toString().strip().toLowerCase(Locale.ROOT);
        Matcher address = ADDRESS.matcher(text);
        if (address.matches()) {
            return address.group(1);
        }
        Matcher host = HOST.matcher(text);
        return host.matches() && host.group(1).length() <= MOST_CHARACTERS ? host.group(1) : null;
    }
}
