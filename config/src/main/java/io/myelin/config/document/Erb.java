package io.myelin.config.document;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Ruby's templates as far as configuration files use them: environment variables and comments. Anything else would take
 * a Ruby to run, and is refused.
 *
 * <p>Line breaks of comments stay, so that positions behind them stay true.
 */
@OwnedBy(Owner.BUILDER)
final class Erb {
    static final String FORMS = "<%= ENV['NAME'] %>, <%= ENV['NAME'] || 'default' %>, <%= ENV.fetch('NAME') %>,"
            + " <%= ENV.fetch('NAME', 'default') %> or <%# comment %>";

    /** What stands for the key in messages. */
    private static final String KEY = "template";

    private static final String BEGIN = "<%";
    private static final String END = "%>";
    private static final String TEXT = "(?:'([^'\\\\]*)'|\"([^\"\\\\#]*)\")";
    private static final Pattern LOOKUP =
            Pattern.compile("\\s*ENV\\[\\s*" + TEXT + "\\s*](?:\\s*\\|\\|\\s*(?:" + TEXT + "|(\\d+)))?\\s*");
    private static final Pattern FETCH =
            Pattern.compile("\\s*ENV\\.fetch\\(\\s*" + TEXT + "\\s*(?:,\\s*(?:" + TEXT + "|(\\d+))\\s*)?\\)\\s*");
    private static final int LONGEST_QUOTE = 80;

    private final String file;
    private final String text;
    private final Function<String, @Nullable String> environment;
    private final Problems problems;
    private final String service;
    private final StringBuilder rendered = new StringBuilder();
    private boolean failed;

    private Erb(
            String file,
            String text,
            Function<String, @Nullable String> environment,
            Problems problems,
            String service) {
        this.file = file;
        this.text = text;
        this.environment = environment;
        this.problems = problems;
        this.service = service;
    }

    /**
     * Returns {@code text}, the content of {@code file}, with its templates replaced by what they come to, {@code null}
     * if one of them cannot be, which is then among {@code problems}.
     *
     * @param environment returns the value of a variable, {@code null} if it is not set
     * @param service the only service that is harmed by what is wrong here, empty if all are
     */
    static @Nullable String render(
            String file,
            String text,
            Function<String, @Nullable String> environment,
            Problems problems,
            String service) {
        return text.contains(BEGIN) ? new Erb(file, text, environment, problems, service).render() : text;
    }

    private @Nullable String render() {
        int at = 0;
        for (int begin = text.indexOf(BEGIN); begin >= 0; begin = text.indexOf(BEGIN, at)) {
            rendered.append(text, at, begin);
            int inside = begin + BEGIN.length();
            int end = text.indexOf(END, inside);
            if (text.startsWith("%", inside)) {
                rendered.append(BEGIN);
                at = inside + 1;
            } else if (end < 0) {
                error(begin, "the template " + BEGIN + " is not closed", END);
                return null;
            } else {
                replace(text.substring(inside, end), begin);
                at = end + END.length();
            }
        }
        return failed ? null : rendered.append(text, at, text.length()).toString();
    }

    private void replace(String code, int begin) {
        if (code.startsWith("#")) {
            code.chars().filter(c -> c == '\n').forEach(c -> rendered.append('\n'));
            return;
        }
        String expression = code.startsWith("=") ? code.substring(1) : "";
        Matcher lookup = LOOKUP.matcher(expression);
        Matcher fetch = FETCH.matcher(expression);
        if (lookup.matches()) {
            rendered.append(lookedUp(lookup, begin));
        } else if (fetch.matches()) {
            rendered.append(fetched(fetch, begin));
        } else {
            error(begin, quoted(code) + " is Ruby, which is not run", FORMS);
        }
    }

    private String lookedUp(Matcher lookup, int begin) {
        String name = either(lookup, 1);
        String value = valueOr(name, lookup);
        if (value == null) {
            problems.warning(where(begin), "the environment variable " + name + " is not set: nothing takes its place");
            return "";
        }
        return value;
    }

    private String fetched(Matcher fetch, int begin) {
        String name = either(fetch, 1);
        String value = valueOr(name, fetch);
        if (value == null) {
            error(begin, "the environment variable " + name + " is not set", "its value, or a default");
            return "";
        }
        return value;
    }

    private @Nullable String valueOr(String name, Matcher written) {
        String value = environment.apply(name);
        if (value != null) {
            return value;
        }
        boolean hasText = written.group(3) != null || written.group(4) != null;
        return hasText ? either(written, 3) : written.group(5);
    }

    /** Returns the text in single or in double quotes. */
    private static String either(Matcher matcher, int single) {
        String text = matcher.group(single);
        return text == null ? String.valueOf(matcher.group(single + 1)) : text;
    }

    private static String quoted(String code) {
        String whole = BEGIN + code + END;
        return whole.length() > LONGEST_QUOTE ? whole.substring(0, LONGEST_QUOTE) + "..." : whole;
    }

    private void error(int position, String message, String expected) {
        failed = true;
        problems.error(where(position), message, expected);
    }

    private Where where(int position) {
        return new Where(placeOf(position), KEY, service);
    }

    private Place placeOf(int position) {
        int line = 1
                + (int) text.substring(0, position)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        return new Place(file, line, position - text.lastIndexOf('\n', position - 1));
    }
}
