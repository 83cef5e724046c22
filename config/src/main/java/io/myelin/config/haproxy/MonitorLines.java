package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.config.haproxy.Criterion.Use;
import io.myelin.http.HttpRule;
import io.myelin.http.HttpRules;
import io.myelin.http.MonitorAnswer;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.route.Condition;
import io.myelin.route.Condition.Part;
import io.myelin.route.Condition.Text;
import io.myelin.route.Match;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines {@code monitor-uri} and {@code monitor fail} of one frontend. */
@OwnedBy(Owner.BUILDER)
final class MonitorLines {
    private final Acls acls;
    private final Problems problems;
    private final List<Line> failures = new ArrayList<>();
    private @Nullable String uri;

    MonitorLines(Acls acls, Problems problems) {
        this.acls = acls;
        this.problems = problems;
    }

    /** Takes {@code line} if it is one of these, and returns whether it was. */
    boolean take(Line line) {
        if (line.startsWith("monitor", "fail")) {
            failures.add(line);
            return true;
        }
        if (!line.startsWith("monitor-uri")) {
            return false;
        }
        if (line.word(1).startsWith("/")) {
            uri = line.word(1);
        } else {
            line.error(problems, "names no path", "a path that begins with /");
        }
        return true;
    }

    /** Returns the rules that answer monitors, before all other rules. */
    HttpRules rules() {
        String asked = uri;
        if (asked == null) {
            failures.forEach(line -> line.warning(problems, "has no effect without monitor-uri"));
            return HttpRules.NONE;
        }
        Condition monitor = new Text(Part.TARGET, Match.EXACT, false, List.of(asked));
        List<HttpRule> rules = new ArrayList<>();
        for (Line line : failures) {
            Condition failing = failing(line);
            if (failing != null) {
                rules.add(new HttpRule(new Condition.All(List.of(monitor, failing)), new MonitorAnswer(false)));
            }
        }
        rules.add(new HttpRule(monitor, new MonitorAnswer(true)));
        return new HttpRules(List.of(rules), List.of());
    }

    private @Nullable Condition failing(Line line) {
        try {
            if (line.words().size() < 3) {
                throw new MalformedLineException("a condition is missing", "if or unless");
            }
            return Expression.of(line.from(2), acls, Use.REQUEST);
        } catch (MalformedLineException e) {
            line.warning(problems, e.reason() + ": the monitor does not fail for it");
            return null;
        }
    }
}
