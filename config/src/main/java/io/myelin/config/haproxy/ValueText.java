package io.myelin.config.haproxy;

import io.myelin.config.haproxy.Criterion.Use;
import io.myelin.http.Template;
import io.myelin.http.Template.Group;
import io.myelin.http.Template.Header;
import io.myelin.http.Template.Literal;
import io.myelin.http.Template.Piece;
import io.myelin.http.TlsPiece;
import io.myelin.http.Variable;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.route.TlsSample;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values in HAProxy's log format (manual of version 2.6, section 8.2.4), as far as rules use it: text, a few variables,
 * {@code %[...]} with what is asked of a message, either in double quotes after {@code %{+Q}}, and {@code %%} for a
 * percent sign.
 */
@OwnedBy(Owner.BUILDER)
public final class ValueText {
    public static final String FORMS =
            "text, %[src], %[dst], %[req.hdr(NAME)], %[method], %[path], %[url], %[query], %ci, %cp, %fi, %fp, %H, %b,"
                    + " %s or %%";
    private static final String QUOTED = "%{+Q}";
    private static final Pattern SAMPLE = Pattern.compile("([\\w.-]+)(?:\\(([^(),]*)(?:,(-?\\d{1,4}))?\\))?");

    /** By sample or variable; what a response has too. */
    private static final Map<String, Piece> ALWAYS = Map.ofEntries(
            Map.entry("src", Variable.SOURCE),
            Map.entry("src_port", Variable.SOURCE_PORT),
            Map.entry("dst", Variable.DESTINATION),
            Map.entry("dst_port", Variable.DESTINATION_PORT),
            Map.entry("ssl_fc", Variable.ENCRYPTED),
            Map.entry("be_name", Variable.POOL),
            Map.entry("fe_name", Variable.LISTENER),
            Map.entry("%ci", Variable.SOURCE),
            Map.entry("%cp", Variable.SOURCE_PORT),
            Map.entry("%fi", Variable.DESTINATION),
            Map.entry("%fp", Variable.DESTINATION_PORT),
            Map.entry("%b", Variable.POOL),
            Map.entry("%f", Variable.LISTENER),
            Map.entry("%s", Variable.MEMBER),
            Map.entry("%%", new Literal("%")));

    private static final Map<String, Piece> OF_REQUESTS = Map.of(
            "method", Variable.METHOD,
            "capture.req.method", Variable.METHOD,
            "path", Variable.PATH,
            "query", Variable.QUERY,
            "url", Variable.TARGET,
            "pathq", Variable.TARGET,
            "capture.req.uri", Variable.TARGET,
            "unique-id", Variable.REQUEST_ID,
            "%HM", Variable.METHOD,
            "%ID", Variable.REQUEST_ID);

    private static final Map<String, Piece> OF_RESPONSES = Map.of("status", Variable.STATUS, "%ST", Variable.STATUS);

    private final String text;
    private final Use use;
    private final boolean variables;
    private final boolean groups;
    private final List<Piece> pieces = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private int at;

    private ValueText(String text, Use use, boolean variables, boolean groups) {
        this.text = text;
        this.use = use;
        this.variables = variables;
        this.groups = groups;
    }

    /**
     * Returns the value that {@code text} describes, for requests.
     *
     * @throws IllegalArgumentException if it asks for something that is not interpreted
     */
    public static Template ofRequest(String text) {
        return of(text, Use.REQUEST);
    }

    /**
     * Returns the value that {@code text} describes, for responses.
     *
     * @throws IllegalArgumentException if it asks for something that is not interpreted
     */
    public static Template ofResponse(String text) {
        return of(text, Use.RESPONSE);
    }

    private static Template of(String text, Use use) {
        try {
            return format(text, use);
        } catch (MalformedLineException e) {
            throw new IllegalArgumentException(e.reason(), e);
        }
    }

    /** Returns the value that {@code text} describes, for messages of that kind. */
    static Template format(String text, Use use) throws MalformedLineException {
        return new ValueText(text, use, true, false).read();
    }

    /** The same for what takes the place of a match, where {@code \1} is what the first group matched. */
    static Template replacement(String text, Use use) throws MalformedLineException {
        return new ValueText(text, use, true, true).read();
    }

    /** The same for the older directives, which know no variables. */
    static Template plainReplacement(String text) throws MalformedLineException {
        return new ValueText(text, Use.BOTH, false, true).read();
    }

    private Template read() throws MalformedLineException {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '%' && variables) {
                percent();
            } else if (c == '\\' && groups && at + 1 < text.length()) {
                backslash();
            } else {
                literal.append(c);
                at++;
            }
        }
        endLiteral();
        return new Template(pieces);
    }

    private void percent() throws MalformedLineException {
        boolean quoted = text.startsWith(QUOTED, at);
        at += quoted ? QUOTED.length() : 1;
        String quotes = quoted ? "\"" : "";
        literal.append(quotes);
        if (text.startsWith("[", at)) {
            int end = text.indexOf(']', at);
            if (end < 0) {
                throw new MalformedLineException("`%" + text.substring(at) + "` is not closed", "a closing ]");
            }
            add(sample(text.substring(at + 1, end)));
            at = end + 1;
        } else {
            variable();
        }
        literal.append(quotes);
    }

    private void variable() throws MalformedLineException {
        int end = at;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        if (end < text.length() && end == at) {
            end++;
        }
        String name = "%" + text.substring(at, end);
        add(name.equals("%H") ? new Literal(hostName()) : known(name, name));
        at = end;
    }

    private Piece sample(String written) throws MalformedLineException {
        TlsSample tls = TlsSample.of(written.strip());
        if (tls != null) {
            return new TlsPiece(tls);
        }
        Matcher matcher = SAMPLE.matcher(written.strip());
        if (!matcher.matches()) {
            throw notInterpreted("%[" + written + "]");
        }
        String argument = matcher.group(2);
        if (argument == null) {
            return known(matcher.group(1), "%[" + written + "]");
        }
        Use side = switch (matcher.group(1)) {
            case "req.hdr", "hdr", "req.fhdr", "fhdr" -> Use.REQUEST;
            case "res.hdr", "shdr", "res.fhdr" -> Use.RESPONSE;
            default -> throw notInterpreted("%[" + written + "]");
        };
        if (!side.fits(use) || argument.isBlank()) {
            throw notInterpreted("%[" + written + "]");
        }
        int occurrence = matcher.group(3) == null ? -1 : Integer.parseInt(matcher.group(3));
        try {
            return new Header(argument.strip(), matcher.group(1).contains("fhdr"), occurrence);
        } catch (IllegalArgumentException e) {
            throw new MalformedLineException(String.valueOf(e.getMessage()), FORMS);
        }
    }

    private Piece known(String name, String written) throws MalformedLineException {
        @Nullable Piece piece = ALWAYS.get(name);
        if (piece == null) {
            piece = (use == Use.RESPONSE ? OF_RESPONSES : OF_REQUESTS).get(name);
        }
        if (piece == null) {
            throw notInterpreted(written);
        }
        return piece;
    }

    /** Reads what {@code \} keeps from its meaning, a group, or {@code \xHH}. */
    private void backslash() throws MalformedLineException {
        char c = text.charAt(at + 1);
        if (c >= '0' && c <= '9') {
            add(new Group(c - '0'));
            at += 2;
        } else if (c == 'x' && text.substring(at).matches("(?s)\\\\x[0-9a-fA-F]{2}.*")) {
            literal.append((char) Integer.parseInt(text.substring(at + 2, at + 4), 16));
            at += 4;
        } else {
            literal.append(c);
            at += 2;
        }
    }

    private void add(Piece piece) throws MalformedLineException {
        endLiteral();
        pieces.add(piece);
    }

    private void endLiteral() throws MalformedLineException {
        if (literal.length() > 0) {
            try {
                pieces.add(new Literal(literal.toString()));
            } catch (IllegalArgumentException e) {
                throw new MalformedLineException(String.valueOf(e.getMessage()), FORMS);
            }
            literal.setLength(0);
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A host without a name of its own is reachable by this one at least.
            return "localhost";
        }
    }

    private static MalformedLineException notInterpreted(String what) {
        return new MalformedLineException(what + " is not interpreted", FORMS);
    }
}
