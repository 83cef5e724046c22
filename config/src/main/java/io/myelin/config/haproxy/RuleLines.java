package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.http.HttpRule;
import io.myelin.http.HttpRules;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of sections that do something to messages: {@code http-request}, {@code http-response},
 * {@code redirect}, and the older {@code block}, {@code req...} and {@code rsp...}. A line that several sections share
 * is read once, and comes to the same rule in each.
 */
@OwnedBy(Owner.BUILDER)
public final class RuleLines {
    private static final Set<String> WORDS = Set.of(
            "http-request",
            "http-response",
            "redirect",
            "block",
            "reqadd",
            "reqdel",
            "reqidel",
            "reqrep",
            "reqirep",
            "reqdeny",
            "reqideny",
            "reqtarpit",
            "reqitarpit",
            "reqallow",
            "reqiallow",
            "rspadd",
            "rspdel",
            "rspidel",
            "rsprep",
            "rspirep",
            "rspdeny",
            "rspideny");

    private final Acls acls;
    private final Duration tarpit;
    private final Problems problems;
    private final Map<Line, @Nullable RuleLine> read = new HashMap<>();

    RuleLines(Acls acls, Duration tarpit, Problems problems) {
        this.acls = acls;
        this.tarpit = tarpit;
        this.problems = problems;
    }

    /** Returns whether {@code line} is one of these. */
    static boolean takes(Line line) {
        return WORDS.contains(line.word(0));
    }

    /** Returns what {@code lines} come to; what cannot be interpreted is reported and left out. */
    public HttpRules rules(List<Line> lines) {
        Map<Phase, List<HttpRule>> byPhase = new EnumMap<>(Phase.class);
        for (Line line : lines) {
            if (!read.containsKey(line)) {
                read.put(line, read(line));
            }
            RuleLine rule = read.get(line);
            if (rule != null) {
                byPhase.computeIfAbsent(rule.phase(), phase -> new ArrayList<>())
                        .add(rule.rule());
            }
        }
        return new HttpRules(inOrder(byPhase, false), inOrder(byPhase, true));
    }

    private static List<List<HttpRule>> inOrder(Map<Phase, List<HttpRule>> byPhase, boolean ofResponses) {
        return byPhase.entrySet().stream()
                .filter(phase -> phase.getKey().ofResponses() == ofResponses)
                .map(Map.Entry::getValue)
                .toList();
    }

    private @Nullable RuleLine read(Line line) {
        try {
            return RuleLine.of(line, acls, tarpit, problems);
        } catch (MalformedLineException e) {
            line.warning(problems, e.reason() + ": the rule is left out");
            return null;
        } catch (IllegalArgumentException e) {
            // What rules for messages may not do is stated where they are made.
            line.warning(problems, e.getMessage() + ": the rule is left out");
            return null;
        }
    }

    /**
     * When a line takes effect: HAProxy 1.8 evaluates each kind of line as a whole before the next, in this order
     * (manual, section 4.2 under {@code block}, {@code http-request} and {@code redirect}, and section 6; version 2.6
     * still says so when lines stand in another order).
     */
    enum Phase {
        BLOCK,
        HTTP_REQUEST,
        REQUEST_LINES,
        REQUEST_ADDITIONS,
        REDIRECT,
        HTTP_RESPONSE,
        RESPONSE_LINES,
        RESPONSE_ADDITIONS;

        boolean ofResponses() {
            return compareTo(HTTP_RESPONSE) >= 0;
        }
    }
}
