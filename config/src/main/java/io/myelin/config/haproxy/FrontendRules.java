package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.config.haproxy.Criterion.Use;
import io.myelin.route.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of a frontend that say which requests go where. */
public final class FrontendRules {
    /**
     * One rule.
     *
     * @param when for which requests
     * @param target the name after {@code use_backend}
     */
    public record Rule(Condition when, String target, Line line) {}

    private final Problems problems;
    private final Acls acls;
    private final List<Line> uses = new ArrayList<>();

    public FrontendRules(Problems problems) {
        this.problems = problems;
        this.acls = new Acls(problems);
    }

    /** Takes {@code line} if it is one of these, and returns whether it was. */
    public boolean take(Line line) {
        if (line.startsWith("acl")) {
            acls.define(line);
            return true;
        }
        if (line.startsWith("use_backend")) {
            uses.add(line);
            return true;
        }
        return false;
    }

    /** Returns the rules in order; one that cannot be interpreted is reported and left out. */
    public List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (Line line : uses) {
            Rule rule = rule(line);
            if (rule != null) {
                rules.add(rule);
            }
        }
        return rules;
    }

    /**
     * Returns a reader of lines that do something to messages, under the conditions that were taken.
     *
     * @param tarpit how long clients are held that are to be held
     */
    public RuleLines ruleLines(Duration tarpit) {
        return new RuleLines(acls, tarpit, problems);
    }

    /** Returns whether {@code line} is one that {@link #ruleLines} reads. */
    public static boolean isRuleLine(Line line) {
        return RuleLines.takes(line);
    }

    private @Nullable Rule rule(Line line) {
        String target = line.word(1);
        if (target.isEmpty() || target.contains("%[")) {
            line.warning(problems, "the name of the service is not a plain word: the rule is left out");
            return null;
        }
        try {
            Condition condition = Expression.of(line.from(2), acls, Use.ROUTE);
            return condition == null ? null : new Rule(condition, target, line);
        } catch (MalformedLineException e) {
            line.warning(problems, e.reason() + ": the rule is left out");
            return null;
        }
    }
}
