package io.myelin.benchmarks.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of cases: one category.
 *
 * @param title of the category
 * @param cases one for each value, where a case is written with {@code {}} for a value
 */
record CaseFile(String title, List<ConformanceCase> cases) {
    /*
     * The first character of a line says what the line is:
     *
     *   #  title of the file                    ;  remark
     *   ## name of a case, which begins here
     *   >  a line that the client sends         <  a line that the member sends
     *   =  an expectation                       |  a line of the message that the expectation before it is about
     *
     * A line of a message ends with CR LF, unless it ends with a backslash. Further lines are in words:
     *
     *   client pauses | waits for the member | byte by byte | in pieces of N | awaits N responses | awaits TEXT | ends its output | closes |
     *       resets
     *   member on connection | on head | on expectation | on request | then | pauses | byte by byte | in pieces of N | awaits TEXT |
     *       ends its output | closes | resets | holds
     *   with VALUE: the case is one for each value, which stands wherever {} does, and its beginning where {:3} does
     *   client finally ends its output: after that, too
     *   after each case: above the first case, what follows is what every client sends in the end
     *
     * Expectations: see ExpectationLines.
     */
    private static final String EACH = "after each case";

    private static final String FINALLY = "client finally ";

    /** Reads the resource of that name beside this type. */
    static CaseFile read(String name) {
        try (InputStream in = CaseFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException(name + ": no such resource");
            }
            return parse(new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    static CaseFile parse(String text) {
        String title = "";
        List<String> ending = new ArrayList<>();
        List<List<String>> sections = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (line.startsWith("## ")) {
                sections.add(new ArrayList<>());
            }
            if (line.startsWith(";") || line.isBlank() || line.equals(EACH)) {
                continue;
            }
            if (line.startsWith("# ")) {
                title = line.substring(2);
            } else if (sections.isEmpty()) {
                ending.add(line);
            } else {
                sections.get(sections.size() - 1).add(line);
            }
        }
        List<ConformanceCase> cases = new ArrayList<>();
        for (List<String> section : sections) {
            cases.addAll(cases(title, section, ending));
        }
        return new CaseFile(title, cases);
    }

    private static List<ConformanceCase> cases(String title, List<String> section, List<String> ending) {
        List<String> values = section.stream()
                .filter(CaseFile::isValue)
                .map(line -> line.length() < 5 ? "" : line.substring(5))
                .toList();
        List<String> lines =
                new ArrayList<>(section.stream().filter(line -> !isValue(line)).toList());
        lines.addAll(ending);
        moveFinalLines(lines);
        if (values.isEmpty()) {
            return List.of(new CaseBuilder(title, lines).build());
        }
        return values.stream()
                .map(value -> new CaseBuilder(title, substitute(lines, value)).build())
                .toList();
    }

    private static boolean isValue(String line) {
        return line.equals("with") || line.startsWith("with ");
    }

    private static String status(String value) {
        return value.substring(0, Math.min(value.length(), 3));
    }

    private static void moveFinalLines(List<String> lines) {
        List<String> last =
                lines.stream().filter(line -> line.startsWith(FINALLY)).toList();
        lines.removeAll(last);
        last.forEach(line -> lines.add("client " + line.substring(FINALLY.length())));
    }

    private static List<String> substitute(List<String> lines, String value) {
        List<String> substituted = new ArrayList<>();
        for (String line : lines) {
            boolean unnamed = line.startsWith("## ") && !line.contains("{}");
            substituted.add(
                    unnamed ? line + ": " + value : line.replace("{}", value).replace("{:3}", status(value)));
        }
        return substituted;
    }
}
