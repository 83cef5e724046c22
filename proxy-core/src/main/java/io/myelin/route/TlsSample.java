package io.myelin.route;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A question about a client's TLS as HAProxy writes it, such as {@code ssl_c_s_dn(CN)} or {@code ssl_c_sha1,hex,lower}
 * (manual of version 2.6, sections 7.3.1 and 7.3.4).
 *
 * @param attribute of a name, empty for all of it
 * @param letters what becomes of the letters of the answer
 */
public record TlsSample(TlsFact fact, String attribute, Letters letters) {
    private static final Pattern FORM = Pattern.compile("(\\w+)(?:\\(([^(),]*)\\))?((?:,\\w+)*)");

    /** What becomes of the letters A to Z. */
    public enum Letters {
        KEPT,
        LOWER,
        UPPER
    }

    /**
     * Returns the question that {@code expression} is; {@code null} if it is none about TLS, or has an argument or a
     * converter that is not understood, or asks for bytes without {@code hex}.
     */
    public static @Nullable TlsSample of(String expression) {
        Matcher form = FORM.matcher(expression);
        TlsFact fact = form.matches() ? TlsFact.of(form.group(1)) : null;
        if (fact == null || (form.group(2) != null && !fact.hasAttributes())) {
            return null;
        }
        String converters = form.group(3);
        if (fact.binary()) {
            if (!converters.startsWith(",hex")) {
                return null;
            }
            converters = converters.substring(",hex".length());
        }
        Letters letters = letters(converters);
        String attribute = form.group(2) == null ? "" : form.group(2).strip();
        return letters == null ? null : new TlsSample(fact, attribute, letters);
    }

    private static @Nullable Letters letters(String converters) {
        return switch (converters) {
            case "" -> Letters.KEPT;
            case ",lower" -> Letters.LOWER;
            case ",upper" -> Letters.UPPER;
            default -> null;
        };
    }

    /** Returns the answer for a client that speaks {@code tls}, {@code null} if there is none. */
    public @Nullable String answer(@Nullable TlsView tls) {
        if (tls == null) {
            // The one question that HAProxy answers about plain text, too.
            return fact == TlsFact.RESUMED ? "0" : null;
        }
        String text = tls.text(fact, attribute);
        return text == null || letters == Letters.KEPT ? text : changed(text);
    }

    private String changed(String text) {
        StringBuilder changed = new StringBuilder(text);
        for (int i = 0; i < changed.length(); i++) {
            char c = changed.charAt(i);
            if (letters == Letters.LOWER && c >= 'A' && c <= 'Z') {
                changed.setCharAt(i, (char) (c + ('a' - 'A')));
            } else if (letters == Letters.UPPER && c >= 'a' && c <= 'z') {
                changed.setCharAt(i, (char) (c - ('a' - 'A')));
            }
        }
        return changed.toString();
    }
}
