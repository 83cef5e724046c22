package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.haproxy.Line;
import io.myelin.config.haproxy.RuleLines;
import io.myelin.http.HttpRules;
import java.util.List;
import java.util.stream.Stream;

/**
 * The lines of a service's {@code haproxy} section that do something to messages. Those under {@code listen} belong to
 * its frontend and to its backend, as Synapse writes them, behind each section's own; they come to one rule for both,
 * which is run once.
 *
 * @param reader where the acls of the section are known
 * @param monitor what answers monitors at the service's own listener
 */
record MessageLines(RuleLines reader, HttpRules monitor, List<Line> frontend, List<Line> backend, List<Line> listen) {
    MessageLines {
        frontend = List.copyOf(frontend);
        backend = List.copyOf(backend);
        listen = List.copyOf(listen);
    }

    /** Returns what is done to messages that come by the service's own listener. */
    HttpRules listenerRules() {
        return monitor.and(reader.rules(together(frontend, listen)));
    }

    /** Returns what is done to the service's messages whatever listener they come by. */
    HttpRules serviceRules() {
        return reader.rules(together(backend, listen));
    }

    /** Reports that the lines do nothing, because the service speaks TCP. */
    void reportWithoutEffect(Problems problems) {
        for (Line line : together(together(frontend, backend), listen)) {
            problems.warning(
                    line.where(),
                    "`" + line.text() + "`: has no effect: it concerns requests, and the service speaks TCP");
        }
    }

    private static List<Line> together(List<Line> first, List<Line> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
