package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.log.Destination;
import io.myelin.log.Envelope.Form;
import java.util.ArrayList;
import java.util.List;

/**
 * What the {@code global} section says about logs.
 *
 * @param destinations where {@code log global} sends to
 * @param tag what the program calls itself
 * @param form the header of syslog messages
 */
public record GlobalLogs(List<Destination> destinations, String tag, Form form) {
    /** Nothing is said. */
    public static final GlobalLogs NONE = new GlobalLogs(List.of(), "haproxy", Form.LOCAL);

    public GlobalLogs {
        destinations = List.copyOf(destinations);
    }

    /** Returns whether {@code line} is one that {@link #read} understands. */
    public static boolean understands(Line line) {
        return List.of("log", "log-tag", "log-send-hostname").contains(line.word(0));
    }

    /** Reads the lines of the section that are about logs; what is wrong with them is reported. */
    public static GlobalLogs read(List<Line> lines, Problems problems) {
        String tag = NONE.tag;
        Form form = NONE.form;
        for (Line line : lines) {
            if (line.startsWith("log-tag") && !line.word(1).isEmpty()) {
                tag = line.word(1);
            } else if (line.startsWith("log-send-hostname")) {
                form = Form.RFC3164;
            }
        }
        List<Destination> destinations = new ArrayList<>();
        for (Line line : lines) {
            if (line.startsWith("log")) {
                try {
                    destinations.add(LogTarget.of(line, tag, form, problems));
                } catch (MalformedLineException e) {
                    line.warning(problems, e.reason() + ": nothing is logged there (expected: " + e.expected() + ")");
                }
            }
        }
        return new GlobalLogs(destinations, tag, form);
    }
}
