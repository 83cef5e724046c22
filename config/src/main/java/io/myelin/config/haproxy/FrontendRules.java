package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.config.haproxy.Criterion.Use;
import io.myelin.http.HttpRules;
import io.myelin.route.Condition;
import io.myelin.route.ConditionParts;
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
    private final MonitorLines monitor;
    private final List<Line> uses = new ArrayList<>();

    public FrontendRules(Problems problems) {
        this.problems = problems;
        this.acls = new Acls(problems);
        this.monitor = new MonitorLines(acls, problems);
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
        return monitor.take(line);
    }

    /**
     * Returns those of {@code rules} that can be asked of a connection that speaks TCP; the others are reported.
     *
     * @param who what it is that speaks TCP
     */
    public static List<Rule> ofConnections(List<Rule> rules, String who, Problems problems) {
        List<Rule> ofConnections = new ArrayList<>();
        for (Rule rule : rules) {
            if (ConditionParts.askConnectionOnly(rule.when())) {
                ofConnections.add(rule);
            } else {
                rule.line().warning(problems, "has no effect: it tells requests apart, and the " + who + " speaks TCP");
            }
        }
        return ofConnections;
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

    /** Returns the rules that answer those who only ask whether there is a proxy fit to serve. */
    public HttpRules monitorRules() {
        return monitor.rules();
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
            Condition condition = Expression.of(line.from(2), acls, Use.REQUEST);
            return condition == null ? null : new Rule(condition, target, line);
        } catch (MalformedLineException e) {
            line.warning(problems, e.reason() + ": the rule is left out");
            return null;
        }
    }
}
