package io.myelin.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processes of this host by their numbers. */
final class Pids {
    private Pids() {}

    /** Returns whether the process runs; one that has ended may be listed until its parent asks for its exit code. */
    static boolean run(long pid) {
        if (ProcessHandle.of(pid).isEmpty()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException gone) {
            return ProcessHandle.of(pid).isPresent();
        }
    }
}
