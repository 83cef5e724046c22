package io.myelin.health.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connection string as a file writes it, in which tokens stand for what is known only at run time.
 *
 * <p>Tokens: <code>${host}</code>, <code>${port}</code> and <code>${protocol}</code> of the binding itself, <code>
 * ${env:NAME}</code>, and <code>${service:NAME:port}</code> or <code>${service:NAME:BINDING:port}</code>, with
 * {@code host} or {@code protocol} in place of {@code port}.
 *
 * @param text as written
 * @param tokens in the order of the text
 */
public record ConnectionString(String text, List<Token> tokens) {
    /** What a token may be, for messages. */
    public static final String FORMS = "${host}, ${port}, ${protocol}, ${env:NAME},"
            + " ${service:NAME:port|host|protocol} or ${service:NAME:BINDING:port|host|protocol}";

    private static final Pattern TOKEN = Pattern.compile("\\$\\{([^}]*)}");
    private static final String ENVIRONMENT = "env";
    private static final String SERVICE = "service";

    public ConnectionString {
        tokens = List.copyOf(tokens);
    }

    /** What a token asks for. */
    public enum Subject {
        HOST,
        PORT,
        PROTOCOL,
        /** The value of an environment variable. */
        VARIABLE
    }

    /**
     * One token.
     *
     * @param subject what is asked for
     * @param service whose, empty for the one that has the connection string
     * @param binding which one of the service, empty for its first
     * @param variable the variable's name, empty for another subject
     */
    public record Token(Subject subject, String service, String binding, String variable) {}

    /**
     * Reads a connection string.
     *
     * @throws IllegalArgumentException naming the first token that is none
     */
    public static ConnectionString of(String text) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            tokens.add(token(matcher.group(1)));
        }
        return new ConnectionString(text, tokens);
    }

    /** Returns the text with what {@code values} says in place of each token. */
    public String filled(Values values) {
        StringBuilder filled = new StringBuilder();
        Matcher matcher = TOKEN.matcher(text);
        for (int at = 0; matcher.find(); at++) {
            matcher.appendReplacement(filled, Matcher.quoteReplacement(values.of(tokens.get(at))));
        }
        return matcher.appendTail(filled).toString();
    }

    /** What tokens stand for. */
    @FunctionalInterface
    public interface Values {
        /** Returns the value, empty if it is not known. */
        String of(Token token);
    }

    private static Token token(String inside) {
        List<String> words = List.of(inside.split(":", -1));
        String last = words.get(words.size() - 1);
        if (words.size() == 2 && words.get(0).equals(ENVIRONMENT) && !last.isBlank()) {
            return new Token(Subject.VARIABLE, "", "", last);
        }
        boolean ofService = words.get(0).equals(SERVICE) && (words.size() == 3 || words.size() == 4);
        if ((words.size() != 1 && !ofService) || !last.matches("host|port|protocol")) {
            throw new IllegalArgumentException("unknown token ${" + inside + "}");
        }
        return new Token(
                Subject.valueOf(last.toUpperCase(Locale.ROOT)),
                ofService ? words.get(1).toLowerCase(Locale.ROOT) : "",
                words.size() == 4 ? words.get(2) : "",
                "");
    }

    /** Leaves the text out, which may hold a password. */
    @Override
    public String toString() {
        return "ConnectionString[tokens=" + tokens + "]";
    }
}
