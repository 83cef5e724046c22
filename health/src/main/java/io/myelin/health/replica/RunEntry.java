package io.myelin.health.replica;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A replica that was being started or running when it was written down.
 *
 * @param replica its name
 * @param process of this host, {@code null} if it was not there yet or not written down completely
 * @param container its name, empty if it is none
 * @param engine the program that runs the container, empty if it is none
 * @param program what runs, for people
 */
record RunEntry(String replica, @Nullable ProcessIdentity process, String container, String engine, String program) {
    static final String SUFFIX = ".replica";

    /** Returns the entry of a replica that is about to be started: what it starts is known by its mark. */
    static RunEntry starting(String replica, String program) {
        return new RunEntry(replica, null, "", "", program);
    }

    /** Returns the lines of its file. The last one tells that the file is complete. */
    String text() {
        String known = process == null ? "" : "pid=" + process.pid() + "\nstart=" + process.start() + "\n";
        return known + "container=" + container + "\nengine=" + engine + "\nprogram=" + program.replaceAll("\\R", " ")
                + "\nend=\n";
    }

    /** Returns what a file says; of one that is not complete, no more than its name. */
    static RunEntry parse(String fileName, String text) {
        Map<String, String> values = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        String replica = fileName.substring(0, fileName.length() - SUFFIX.length());
        if (!values.containsKey("end")) {
            return starting(replica, "");
        }
        String pid = values.getOrDefault("pid", "");
        String start = values.getOrDefault("start", "");
        boolean known = pid.matches("\\d{1,18}") && !start.isEmpty();
        return new RunEntry(
                replica,
                known ? new ProcessIdentity(Long.parseLong(pid), start) : null,
                values.getOrDefault("container", ""),
                values.getOrDefault("engine", ""),
                values.getOrDefault("program", ""));
    }
}
