package io.myelin.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The processor time that processes have used, all their threads included. */
public record CpuTime(double userMicros, double systemMicros) {
    public static final CpuTime NONE = new CpuTime(0, 0);

    /** The kernel counts in hundredths of a second, whatever its own tick. */
    private static final double MICROS_PER_TICK = 10_000;

    private static final int USER_FIELD = 11;
    private static final int SYSTEM_FIELD = 12;

    /** Returns what the processes and their descendants have used so far; those that have ended count as nothing. */
    static CpuTime of(List<Long> pids) throws IOException {
        CpuTime sum = NONE;
        for (long pid : pids.stream().flatMap(CpuTime::family).distinct().toList()) {
            sum = sum.plus(ofProcess(pid));
        }
        return sum;
    }

    /** Reads a line of {@code /proc/PID/stat}. */
    static CpuTime parse(String stat) {
        // The second field is the command in brackets, which may itself hold blanks and brackets.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new CpuTime(
                Long.parseLong(fields[USER_FIELD]) * MICROS_PER_TICK,
                Long.parseLong(fields[SYSTEM_FIELD]) * MICROS_PER_TICK);
    }

    CpuTime plus(CpuTime other) {
        return new CpuTime(userMicros + other.userMicros, systemMicros + other.systemMicros);
    }

    CpuTime minus(CpuTime other) {
        return new CpuTime(userMicros - other.userMicros, systemMicros - other.systemMicros);
    }

    CpuTime dividedBy(long requests) {
        return requests == 0 ? NONE : new CpuTime(userMicros / requests, systemMicros / requests);
    }

    private static Stream<Long> family(long pid) {
        return Stream.concat(
                Stream.of(pid),
                ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .map(ProcessHandle::pid));
    }

    private static CpuTime ofProcess(long pid) throws IOException {
        try {
            return parse(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
        } catch (NoSuchFileException ignored) {
            return NONE; // it has ended since it was listed
        }
    }
}
