package io.myelin.route;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression in the syntax of RE2, which takes time in proportion to the text whatever the expression and the
 * text are: no client can make an event loop ponder. Immutable.
 */
public final class Regex {
    private final Pattern pattern;

    private Regex(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * Returns the expression that {@code text} is.
     *
     * @throws IllegalArgumentException if it is none, or uses what RE2 leaves out: back references and looking around
     */
    public static Regex of(String text, boolean ignoreCase) {
        try {
            return new Regex(Pattern.compile(text, ignoreCase ? Pattern.CASE_INSENSITIVE : 0));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "`" + text + "` is not a regular expression of RE2: " + e.getDescription(), e);
        }
    }

    /** Returns whether the expression matches somewhere in {@code text}. */
    public boolean matchesIn(CharSequence text) {
        return pattern.matcher(text).find();
    }

    /** Returns the first match in {@code text}, {@code null} if there is none. */
    public @Nullable Found find(CharSequence text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? new Found(matcher) : null;
    }

    /** Returns how many groups a match has beside the whole. */
    public int groups() {
        return pattern.groupCount();
    }

    /** One match. Valid as long as the text that it was found in. */
    public static final class Found {
        private final Matcher matcher;

        private Found(Matcher matcher) {
            this.matcher = matcher;
        }

        /** Returns what the group matched, 0 for the whole; empty if it has no part in the match or does not exist. */
        public String group(int number) {
            String text = number <= matcher.groupCount() ? matcher.group(number) : null;
            return text == null ? "" : text;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Regex regex && regex.pattern.equals(pattern);
    }

    @Override
    public int hashCode() {
        return pattern.hashCode();
    }

    @Override
    public String toString() {
        return pattern.pattern();
    }
}
