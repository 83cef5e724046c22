package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.config.haproxy.Criterion.Use;
import io.myelin.config.haproxy.RuleLines.Phase;
import io.myelin.http.HeaderEdit;
import io.myelin.http.HttpAction;
import io.myelin.http.HttpRule;
import io.myelin.http.LineEdit;
import io.myelin.http.Redirection;
import io.myelin.http.Redirection.Kind;
import io.myelin.http.Refusal;
import io.myelin.http.TargetEdit;
import io.myelin.http.TargetEdit.Part;
import io.myelin.http.Template;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.route.Condition;
import io.myelin.route.Match;
import io.myelin.route.Regex;
import io.myelin.route.TextCriterion;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one line does to messages.
 *
 * @param phase when
 */
record RuleLine(Phase phase, HttpRule rule) {
    private static final int DENIED = 403;
    private static final int TARPITTED = 500;
    private static final int RESPONSE_DENIED = 502;

    /**
     * Returns what {@code line} does, {@code null} if its action, or an acl that it asks for, is not interpreted.
     *
     * @throws IllegalArgumentException if rules may not do that
     */
    static @Nullable RuleLine of(Line line, Acls acls, Duration tarpit, Problems problems)
            throws MalformedLineException {
        Reading reading = new Reading(line, tarpit, problems);
        HttpAction action = reading.action();
        if (action == null) {
            Ignored.report(line, problems);
            return null;
        }
        Use kind = reading.phase.ofResponses() ? Use.RESPONSE : Use.REQUEST;
        List<String> rest = reading.arguments.rest();
        Condition when = Expression.of(rest, acls, kind);
        return when == null ? null : new RuleLine(reading.phase, new HttpRule(when, action));
    }

    /** One reading of one line. */
    @OwnedBy(Owner.BUILDER)
    private static final class Reading {
        private final Line line;
        private final Duration tarpit;
        private final Problems problems;
        private final Arguments arguments;
        private Phase phase = Phase.HTTP_REQUEST;

        Reading(Line line, Duration tarpit, Problems problems) {
            this.line = line;
            this.tarpit = tarpit;
            this.problems = problems;
            this.arguments = new Arguments(line.from(1));
        }

        /** Returns the action, {@code null} if there is none of that name. */
        @Nullable
        HttpAction action() throws MalformedLineException {
            String word = line.word(0);
            switch (word) {
                case "http-request" -> {
                    return onRequest(arguments.next("an action"));
                }
                case "http-response" -> {
                    phase = Phase.HTTP_RESPONSE;
                    return onResponse(arguments.next("an action"));
                }
                case "redirect" -> {
                    phase = Phase.REDIRECT;
                    return redirection();
                }
                case "block" -> {
                    phase = Phase.BLOCK;
                    if (arguments.rest().isEmpty()) {
                        throw new MalformedLineException("a condition is missing", "if or unless");
                    }
                    return Refusal.deny(DENIED);
                }
                default -> {
                    return word.startsWith("req") ? onRequestLines(word) : onResponseLines(word);
                }
            }
        }

        private @Nullable HttpAction onRequest(String action) throws MalformedLineException {
            return switch (action) {
                case "deny" -> Refusal.deny(status(DENIED));
                case "tarpit" -> Refusal.tarpit(status(TARPITTED), tarpit);
                case "redirect" -> redirection();
                case "set-method" -> new TargetEdit.SetMethod(arguments.next("a method"));
                case "set-path" -> new TargetEdit.Set(Part.PATH, format(Use.REQUEST));
                case "set-query" -> new TargetEdit.Set(Part.QUERY, format(Use.REQUEST));
                case "set-uri", "set-pathq" -> new TargetEdit.Set(Part.TARGET, format(Use.REQUEST));
                case "replace-path" ->
                    new TargetEdit.Replace(Part.PATH, arguments.expression(false), replacement(Use.REQUEST));
                case "replace-uri", "replace-pathq" ->
                    new TargetEdit.Replace(Part.TARGET, arguments.expression(false), replacement(Use.REQUEST));
                default -> onEither(action, Use.REQUEST);
            };
        }

        private @Nullable HttpAction onResponse(String action) throws MalformedLineException {
            return action.equals("deny")
                    ? Refusal.denyResponse(status(RESPONSE_DENIED))
                    : onEither(action, Use.RESPONSE);
        }

        private @Nullable HttpAction onEither(String action, Use use) throws MalformedLineException {
            return switch (action) {
                case "allow" -> HttpAction.ALLOW;
                case "set-header" -> new HeaderEdit.Set(name(), format(use));
                case "add-header" -> new HeaderEdit.Add(name(), format(use));
                case "del-header" -> deletion();
                case "replace-header" ->
                    new HeaderEdit.Replace(name(), arguments.expression(false), replacement(use), true);
                case "replace-value" ->
                    new HeaderEdit.Replace(name(), arguments.expression(false), replacement(use), false);
                default -> null;
            };
        }

        private String name() throws MalformedLineException {
            return arguments.next("the name of a header field");
        }

        private Template format(Use use) throws MalformedLineException {
            return ValueText.format(arguments.next("a value"), use);
        }

        private Template replacement(Use use) throws MalformedLineException {
            return ValueText.replacement(arguments.next("a replacement"), use);
        }

        private HttpAction deletion() throws MalformedLineException {
            String name = name();
            if (!arguments.take("-m")) {
                return HeaderEdit.Delete.named(name);
            }
            String how = arguments.next("a match");
            return switch (how) {
                case "str" -> HeaderEdit.Delete.named(name);
                case "beg" -> new HeaderEdit.Delete(new TextCriterion.OneOf(Match.BEGINS, true, List.of(name)));
                case "end" -> new HeaderEdit.Delete(new TextCriterion.OneOf(Match.ENDS, true, List.of(name)));
                case "sub" -> new HeaderEdit.Delete(new TextCriterion.OneOf(Match.CONTAINS, true, List.of(name)));
                case "reg" -> new HeaderEdit.Delete(new TextCriterion.Like(List.of(Arguments.regex(name, true))));
                default ->
                    throw new MalformedLineException(
                            "the match " + how + " is not interpreted", "str, beg, end, sub or reg");
            };
        }

        /** Reads the status of an answer; one that there is no answer of is replaced by the usual one. */
        private int status(int usual) throws MalformedLineException {
            int status = usual;
            while (arguments.more()) {
                if (!arguments.take("deny_status") && !arguments.take("status")) {
                    throw new MalformedLineException(
                            arguments.next("deny_status") + " is not interpreted", "deny_status STATUS");
                }
                status = Quantity.number(arguments.next("a status"), 100, 599);
            }
            if (!Refusal.hasStatus(status)) {
                line.warning(problems, "there is no answer of status " + status + ": " + usual + " is used");
                return usual;
            }
            return status;
        }

        private HttpAction redirection() throws MalformedLineException {
            Kind kind = null;
            Template value = Template.of("");
            int status = 302;
            boolean dropQuery = false;
            boolean appendSlash = false;
            String cookie = "";
            while (arguments.more()) {
                String word = arguments.next("a place to go");
                switch (word) {
                    case "location", "prefix", "scheme" -> {
                        kind = word.equals("location")
                                ? Kind.LOCATION
                                : word.equals("prefix") ? Kind.PREFIX : Kind.SCHEME;
                        value = format(Use.REQUEST);
                    }
                    case "code" -> status = Quantity.number(arguments.next("a status"), 301, 308);
                    case "drop-query" -> dropQuery = true;
                    case "append-slash" -> appendSlash = true;
                    case "set-cookie" -> cookie = arguments.next("a cookie") + "; path=/;";
                    case "clear-cookie" -> cookie = arguments.next("a cookie") + "; path=/; Max-Age=0;";
                    default ->
                        throw new MalformedLineException(word + " is not interpreted", "location, prefix or scheme");
                }
            }
            if (kind == null) {
                throw new MalformedLineException("no place to go", "location, prefix or scheme");
            }
            return new Redirection(kind, value, status, dropQuery, appendSlash, cookie);
        }

        private HttpAction onRequestLines(String word) throws MalformedLineException {
            boolean ignoreCase = word.startsWith("reqi");
            phase = word.equals("reqadd") ? Phase.REQUEST_ADDITIONS : Phase.REQUEST_LINES;
            return switch (word) {
                case "reqadd" -> addition();
                case "reqdeny", "reqideny" ->
                    new LineEdit.OnMatch(arguments.expression(ignoreCase), Refusal.deny(DENIED));
                case "reqtarpit", "reqitarpit" ->
                    new LineEdit.OnMatch(arguments.expression(ignoreCase), Refusal.tarpit(TARPITTED, tarpit));
                case "reqallow", "reqiallow" ->
                    new LineEdit.OnMatch(arguments.expression(ignoreCase), HttpAction.ALLOW);
                default -> onLines(word, ignoreCase);
            };
        }

        private HttpAction onResponseLines(String word) throws MalformedLineException {
            boolean ignoreCase = word.startsWith("rspi");
            phase = word.equals("rspadd") ? Phase.RESPONSE_ADDITIONS : Phase.RESPONSE_LINES;
            return switch (word) {
                case "rspadd" -> addition();
                case "rspdeny", "rspideny" ->
                    new LineEdit.OnMatch(arguments.expression(ignoreCase), Refusal.denyResponse(RESPONSE_DENIED));
                default -> onLines(word, ignoreCase);
            };
        }

        private HttpAction onLines(String word, boolean ignoreCase) throws MalformedLineException {
            Regex expression = arguments.expression(ignoreCase);
            return word.endsWith("del")
                    ? new LineEdit.Delete(expression)
                    : new LineEdit.Replace(expression, ValueText.plainReplacement(arguments.next("a replacement")));
        }

        /** Reads a line {@code Name: value} that is added as it is. */
        private HttpAction addition() throws MalformedLineException {
            String added = arguments.next("a header line");
            int colon = added.indexOf(':');
            if (colon < 1) {
                throw new MalformedLineException("`" + added + "` is not a header line", "NAME:\\ VALUE");
            }
            return new HeaderEdit.Add(
                    added.substring(0, colon),
                    Template.of(added.substring(colon + 1).strip()));
        }
    }
}
