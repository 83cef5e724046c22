package io.myelin.log;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.route.TlsSample;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of text with variables in it, as HAProxy's {@code log-format} writes it.
 *
 * @param text as configured
 * @param pieces what a line is put together from
 */
public record LogFormat(String text, List<Piece> pieces) {
    /** What {@code option tcplog} stands for (HAProxy's manual, section 8.2.2). */
    public static final LogFormat TCP = parse("%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq");

    /** What {@code option httplog} stands for (HAProxy's manual, section 8.2.3). */
    public static final LogFormat HTTP = parse("%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc"
            + " %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r");

    /** What {@code option httplog clf} stands for (HAProxy's manual, section 8.2.3). */
    public static final LogFormat CLF = parse("%{+Q}o %{-Q}ci - - [%trg] %r %ST %B \"\" \"\" %cp %ms %ft %b %s"
            + " %TR %Tw %Tc %Tr %Ta %tsc %ac %fc %bc %sc %rc %sq %bq %CC %CS %hrl %hsl");

    public LogFormat {
        pieces = List.copyOf(pieces);
    }

    /**
     * A literal text, or a variable.
     *
     * @param variable {@code null} for a text
     * @param text the text
     * @param index which one of several, from 0
     * @param quoted whether a text stands in double quotes
     * @param escaped whether quotes, backslashes and closing brackets of a text have a backslash before them
     * @param sample what is asked about a client's TLS, {@code null} if it is about something else
     */
    public record Piece(
            @Nullable LogVariable variable,
            String text,
            int index,
            boolean quoted,
            boolean escaped,
            @Nullable TlsSample sample) {
        Piece(@Nullable LogVariable variable, String text, int index, boolean quoted, boolean escaped) {
            this(variable, text, index, quoted, escaped, null);
        }
    }

    /**
     * Returns the format that {@code text} describes.
     *
     * @throws IllegalArgumentException if it asks for something that cannot be shown
     */
    public static LogFormat parse(String text) {
        return new LogFormat(text, new Parser(text).parse());
    }

    /** One reading of a text. */
    @OwnedBy(Owner.BUILDER)
    private static final class Parser {
        private static final Pattern VARIABLE =
                Pattern.compile("%(\\{([^}]*)})?(%|o(?![a-zA-Z])|\\[([^]]*)]|[a-zA-Z]+)");
        private static final Pattern CAPTURE = Pattern.compile("capture\\.(req|res)\\.hdr\\((\\d{1,2})\\)");

        private final String text;
        private final List<Piece> pieces = new ArrayList<>();
        private boolean quoted;
        private boolean escaped;

        Parser(String text) {
            this.text = text;
        }

        List<Piece> parse() {
            Matcher next = VARIABLE.matcher(text);
            int at = 0;
            while (next.find(at)) {
                literal(text.substring(at, next.start()));
                at = next.end();
                take(next);
            }
            literal(text.substring(at));
            return pieces;
        }

        private void literal(String words) {
            if (words.indexOf('%') >= 0) {
                throw new IllegalArgumentException("a lone percent sign (expected: two for one that is shown)");
            }
            if (!words.isEmpty()) {
                pieces.add(new Piece(null, words.replaceAll(" +", " "), 0, false, false));
            }
        }

        private void take(Matcher found) {
            String flags = found.group(2);
            String code = found.group(3);
            if (code.equals("%")) {
                pieces.add(new Piece(null, code, 0, false, false));
                return;
            }
            boolean quotes = flag(flags, "Q", quoted);
            boolean escapes = flag(flags, "E", escaped);
            if (code.equals("o")) {
                quoted = quotes;
                escaped = escapes;
            } else if (found.group(4) == null) {
                pieces.add(new Piece(variable(code), "", 0, quotes, escapes));
            } else {
                pieces.add(expression(found.group(4), quotes, escapes));
            }
        }

        private static LogVariable variable(String code) {
            LogVariable variable = LogVariable.of(code);
            if (variable == null) {
                throw new IllegalArgumentException("%" + code + " is not known");
            }
            return variable;
        }

        private static Piece expression(String expression, boolean quotes, boolean escapes) {
            TlsSample sample = TlsSample.of(expression);
            if (sample != null) {
                return new Piece(LogVariable.TLS, "", 0, quotes, escapes, sample);
            }
            if (expression.equals("ssl_fc")) {
                return new Piece(LogVariable.ENCRYPTED, "", 0, quotes, escapes);
            }
            Matcher capture = CAPTURE.matcher(expression);
            if (!capture.matches()) {
                throw new IllegalArgumentException("%[" + expression + "] is not known");
            }
            LogVariable variable =
                    capture.group(1).equals("req") ? LogVariable.ONE_REQUEST_HEADER : LogVariable.ONE_RESPONSE_HEADER;
            return new Piece(variable, "", Integer.parseInt(capture.group(2)), quotes, escapes);
        }

        private static boolean flag(@Nullable String flags, String name, boolean otherwise) {
            boolean set = otherwise;
            for (String flag : flags == null || flags.isBlank() ? new String[0] : flags.split(",", -1)) {
                String wanted = flag.strip();
                if (!wanted.matches("[+-][QE]")) {
                    throw new IllegalArgumentException("the flag " + wanted + " is not known");
                }
                if (wanted.endsWith(name)) {
                    set = wanted.startsWith("+");
                }
            }
            return set;
        }
    }
}
