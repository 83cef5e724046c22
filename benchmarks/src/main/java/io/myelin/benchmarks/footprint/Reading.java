package io.myelin.benchmarks.footprint;

import io.myelin.benchmarks.process.MyelinProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory of a process at one moment, in bytes.
 *
 * @param resident what the kernel has given it, as it was before the collection that the next one takes
 * @param liveHeap objects that are reachable
 * @param direct memory of buffers outside the heap
 */
record Reading(long resident, long liveHeap, long direct) {
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
    private static final Pattern DIRECT =
            Pattern.compile("(?m)^myelin_jvm_direct_memory_used_bytes\\{owner=\"jvm\"} ([\\d.E+]+)");

    /** Reads the memory of {@code subject}; collects its garbage on the way. */
    static Reading of(MyelinProcess subject) throws IOException {
        String pid = Long.toString(subject.pid());
        String status = Files.readString(Path.of("/proc", pid, "status"));
        String jcmd =
                Path.of(System.getProperty("java.home", ""), "bin", "jcmd").toString();
        Process histogram = new ProcessBuilder(jcmd, pid, "GC.class_histogram").start();
        String objects;
        try (var out = histogram.inputReader()) {
            objects = String.join("\n", out.lines().toList());
        }
        return parse(status, objects, subject.metrics());
    }

    /** Takes the numbers from {@code /proc/PID/status}, a class histogram, and metrics. */
    static Reading parse(String status, String histogram, String metrics) throws IOException {
        return new Reading(
                1_024 * (long) number(RESIDENT, status, "resident size"),
                (long) number(TOTAL, histogram, "total of the class histogram"),
                (long) number(DIRECT, metrics, "direct memory"));
    }

    /** Returns what {@code count} connections take each, between {@code before} they were opened and this. */
    long perConnection(Reading before, int count) {
        return (liveHeap + direct - before.liveHeap - before.direct) / count;
    }

    private static double number(Pattern pattern, String text, String what) throws IOException {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new IOException("no " + what + " to be read (expected: Linux, and a JDK with jcmd)");
        }
        return Double.parseDouble(found.group(1));
    }
}
