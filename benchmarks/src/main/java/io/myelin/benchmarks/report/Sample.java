package io.myelin.benchmarks.report;

import java.util.List;

/**
 * What one contender did with one workload in one round.
 *
 * @param userMicros processor time in user mode per request
 * @param systemMicros processor time in the kernel per request
 */
record Sample(
        String workload,
        int round,
        String contender,
        long requests,
        double seconds,
        long errors,
        double p50Micros,
        double p99Micros,
        double p999Micros,
        double maxMicros,
        double userMicros,
        double systemMicros) {
    /** The columns of a line, in order. */
    static final String HEADER =
            "workload\tround\tcontender\trequests\tseconds\terrors\tp50_us\tp99_us\tp999_us\tmax_us\tuser_us\tsystem_us";

    private static final int COLUMNS = 12;

    /** Reads one line. */
    static Sample parse(String line) {
        List<String> fields = List.of(line.split("\t", -1));
        if (fields.size() != COLUMNS) {
            throw new IllegalArgumentException("sample: " + line + " (expected: " + HEADER + ")");
        }
        return new Sample(
                fields.get(0),
                Integer.parseInt(fields.get(1)),
                fields.get(2),
                Long.parseLong(fields.get(3)),
                Double.parseDouble(fields.get(4)),
                Long.parseLong(fields.get(5)),
                Double.parseDouble(fields.get(6)),
                Double.parseDouble(fields.get(7)),
                Double.parseDouble(fields.get(8)),
                Double.parseDouble(fields.get(9)),
                Double.parseDouble(fields.get(10)),
                Double.parseDouble(fields.get(11)));
    }

    double cpuMicros() {
        return userMicros + systemMicros;
    }

    double perSecond() {
        return requests / seconds;
    }
}
