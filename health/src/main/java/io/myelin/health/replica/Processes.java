package io.myelin.health.replica;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes of this host, as far as the operating system shows them. Reads no disk, only what the kernel keeps in
 * memory.
 *
 * @param proc where Linux shows processes; nothing is there on other systems
 */
record Processes(Path proc) {
    /*
     * Marks. A process inherits the variable that its replica was given, however it left the tree of processes: after
     * its parent has ended, in a session of its own, as a daemon. A process that cleared its environment is found by its
     * parents only.
     *
     * Starts. The number of a process is given to another one sooner or later, but never twice in one boot with the same
     * time of start. That time counts clock ticks since the boot, so that setting the clock does not change it.
     */

    /** The variable by which whatever a replica started is recognised. */
    static final String MARK = "MYELIN_REPLICA";

    static final Processes OF_THIS_HOST = new Processes(Path.of("/proc"));

    private static final Logger log = LoggerFactory.getLogger(Processes.class);
    /** The place of the start time behind the name of the program, which may hold spaces (proc(5), field 22). */
    private static final int START_FIELD = 19;

    /** Returns the processes that a replica started, however far they went. */
    List<ProcessHandle> marked(String replica) {
        String mark = MARK + "=" + replica;
        List<ProcessHandle> found = new ArrayList<>();
        if (!Files.isDirectory(proc)) {
            return found;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path entry : entries) {
                if (carries(entry, mark)) {
                    ProcessHandle.of(Long.parseLong(entry.getFileName().toString()))
                            .ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            log.warn("Processes not listed: directory={} error={}", proc, e.toString());
        }
        found.removeIf(ProcessHandle.current()::equals);
        return found;
    }

    /** Returns when the process began, {@code null} if there is none of that number. */
    @Nullable
    String startOf(long pid) {
        try {
            String stat = Files.readString(proc.resolve(Long.toString(pid)).resolve("stat"), ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return boot() + "/" + fields[START_FIELD];
        } catch (IOException notThere) {
            return ProcessHandle.of(pid)
                    .flatMap(process -> process.info().startInstant())
                    .map(Object::toString)
                    .orElse(null);
        }
    }

    /** Returns the process, {@code null} if it has ended, whoever has its number now. */
    @Nullable
    ProcessHandle find(ProcessIdentity identity) {
        ProcessHandle process = ProcessHandle.of(identity.pid()).orElse(null);
        return process != null && process.isAlive() && identity.start().equals(startOf(identity.pid()))
                ? process
                : null;
    }

    private String boot() {
        try {
            return Files.readString(proc.resolve("sys/kernel/random/boot_id")).strip();
        } catch (IOException notShown) {
            return "";
        }
    }

    private static boolean carries(Path entry, String mark) {
        try {
            String environment = Files.readString(entry.resolve("environ"), ISO_8859_1);
            for (String variable : environment.split("\0", -1)) {
                if (variable.equals(mark)) {
                    return true;
                }
            }
            return false;
        } catch (IOException endedOrOfAnotherUser) {
            return false;
        }
    }
}
