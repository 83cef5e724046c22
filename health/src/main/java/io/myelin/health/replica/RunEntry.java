package io.myelin.health.replica;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A replica that was running when it was written down.
 *
 * @param replica its name
 * @param process of this host
 * @param container its name, empty if it is none
 * @param engine the program that runs the container, empty if it is none
 * @param program what runs, for people
 */
record RunEntry(String replica, ProcessIdentity process, String container, String engine, String program) {
    static final String SUFFIX = ".replica";

    /** Returns the lines of its file. The last one tells that the file is complete. */
    String text() {
        return "pid=" + process.pid() + "\nstart=" + process.start() + "\ncontainer=" + container + "\nengine=" + engine
                + "\nprogram=" + program.replaceAll("\\R", " ") + "\nend=\n";
    }

    /** Returns what a file says, {@code null} if it is not complete. */
    static @Nullable RunEntry parse(String fileName, String text) {
        Map<String, String> values = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        String pid = values.getOrDefault("pid", "");
        String start = values.getOrDefault("start", "");
        if (!pid.matches("\\d{1,18}") || start.isEmpty() || !values.containsKey("end")) {
            return null;
        }
        return new RunEntry(
                fileName.substring(0, fileName.length() - SUFFIX.length()),
                new ProcessIdentity(Long.parseLong(pid), start),
                values.getOrDefault("container", ""),
                values.getOrDefault("engine", ""),
                values.getOrDefault("program", ""));
    }
}
