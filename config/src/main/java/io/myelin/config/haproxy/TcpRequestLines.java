package io.myelin.config.haproxy;

import io.myelin.access.AccessCondition;
import io.myelin.access.AccessRule;
import io.myelin.access.AccessRules;
import io.myelin.config.document.Problems;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code tcp-request} lines of one frontend or backend: which clients may come in, and after which delay. They are
 * read once all lines, and with them all acls, are there.
 */
@OwnedBy(Owner.BUILDER)
public final class TcpRequestLines {
    private static final String ACTIONS = "accept or reject";

    private final SourceAcls acls;
    private final Problems problems;
    private final List<Line> connection = new ArrayList<>();
    private final List<Line> session = new ArrayList<>();
    private final List<Line> content = new ArrayList<>();
    private Duration delay = Duration.ZERO;

    /**
     * Creates an empty collection.
     *
     * @param acls the acls that conditions may name, which need not be complete yet
     */
    public TcpRequestLines(SourceAcls acls, Problems problems) {
        this.acls = acls;
        this.problems = problems;
    }

    /** Takes {@code line} if it is one of these, and returns whether it was. */
    public boolean take(Line line) {
        if (!line.startsWith("tcp-request")) {
            return false;
        }
        switch (line.word(1)) {
            case "connection" -> connection.add(line);
            case "session" -> session.add(line);
            case "content" -> content.add(line);
            case "inspect-delay" -> takeDelay(line);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void takeDelay(Line line) {
        try {
            delay = Quantity.time(line.word(2));
        } catch (MalformedLineException e) {
            line.error(problems, e.reason(), e.expected());
        }
    }

    /** Returns the rules about the address that a connection comes from, {@code null} if there are none. */
    public @Nullable AccessRules connection() {
        return AccessRules.of(rules(connection));
    }

    /** Returns the rules about the client once a PROXY header has named it, {@code null} if there are none. */
    public @Nullable AccessRules session() {
        return AccessRules.of(rules(session));
    }

    /** Returns the rules about what the client sends, {@code null} if there are none. */
    public @Nullable AccessRules content() {
        return AccessRules.of(rules(content), delay);
    }

    private List<AccessRule> rules(List<Line> lines) {
        List<AccessRule> rules = new ArrayList<>();
        for (Line line : lines) {
            AccessRule rule = rule(line);
            if (rule != null) {
                rules.add(rule);
            }
        }
        return rules;
    }

    /** A rule that is not understood is left out: to refuse everybody instead would be worse. */
    private @Nullable AccessRule rule(Line line) {
        String action = line.word(2);
        if (!action.equals("accept") && !action.equals("reject")) {
            line.warning(
                    problems, "`" + action + "` is not interpreted (expected: " + ACTIONS + "): the rule is left out");
            return null;
        }
        boolean accepts = action.equals("accept");
        try {
            AccessCondition when = acls.condition(line.from(3), line.word(1).equals("content"));
            return new AccessRule(accepts, when);
        } catch (MalformedLineException e) {
            String consequence = accepts ? "the rule is left out" : "what it would refuse is let through";
            line.warning(problems, e.reason() + ": " + consequence);
            return null;
        }
    }
}
