package io.myelin.config.reader;

import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.Line;
import io.myelin.config.haproxy.StatsSection;
import io.myelin.config.operator.StatsConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code haproxy.extra_sections}: whole sections of HAProxy's configuration by their titles. */
final class ExtraSections {
    private final Claims claims;
    private final Problems problems;

    ExtraSections(Claims claims, Problems problems) {
        this.claims = claims;
        this.problems = problems;
    }

    /** Returns the listeners for statistics among the sections; what cannot be used is reported. */
    List<StatsConfig> stats(@Nullable Section haproxy) {
        Section extra = haproxy == null ? null : haproxy.section("extra_sections");
        List<StatsConfig> stats = new ArrayList<>();
        if (extra == null) {
            return stats;
        }
        for (Entry entry : extra.entries()) {
            Where where = extra.whereKey(entry.name());
            Line title = Line.of(entry.name(), where, problems);
            List<Line> lines = extra.lines(entry.name());
            if (StatsSection.matches(title, lines)) {
                StatsConfig config = StatsSection.read(title, lines, problems);
                if (config != null) {
                    stats.add(config);
                    config.addresses().forEach(address -> claims.take(config.name(), address, where));
                }
            } else {
                problems.warning(where, "not interpreted: nothing of it listens");
            }
        }
        return stats;
    }
}
