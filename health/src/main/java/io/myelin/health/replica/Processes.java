package io.myelin.health.replica;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    /** The place of the state behind the name of the program (proc(5), field 3). */
    private static final int STATE_FIELD = 0;
    /** The place of the parent behind the name of the program (proc(5), field 4). */
    private static final int PARENT_FIELD = 1;
    /** The place of the number of threads behind the name of the program (proc(5), field 20). */
    private static final int THREADS_FIELD = 17;
    /** The place of the start time behind the name of the program (proc(5), field 22). */
    private static final int START_FIELD = 19;

    /** Returns whether the process runs; one that has ended and was not asked for its exit code does not. */
    boolean runs(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        String[] fields = stat(proc.resolve(Long.toString(process.pid())));
        // The first thread of a process may have ended before the others.
        return fields.length <= THREADS_FIELD
                || !fields[STATE_FIELD].equals("Z")
                || Integer.parseInt(fields[THREADS_FIELD]) > 1;
    }

    /** Returns the processes that a replica started, however far they went. */
    Set<ProcessHandle> marked(String replica) {
        return tree(List.of(), replica);
    }

    /**
     * Returns the processes that carry the mark of a replica, {@code known} ones that still run, and whatever descends
     * from any of them.
     */
    Set<ProcessHandle> tree(Collection<ProcessHandle> known, String replica) {
        Set<ProcessHandle> found = new LinkedHashSet<>(known);
        // The number of one that has ended may be a stranger's now, and so would its children be.
        found.removeIf(process -> !runs(process));
        if (!Files.isDirectory(proc)) {
            List.copyOf(found).forEach(process -> process.descendants().forEach(found::add));
            return found;
        }
        Map<Long, List<Long>> children = new HashMap<>();
        Deque<Long> open = new ArrayDeque<>();
        found.forEach(process -> open.add(process.pid()));
        look(MARK + "=" + replica, children, open);
        Set<Long> numbers = new HashSet<>();
        for (Long pid = open.poll(); pid != null; pid = open.poll()) {
            if (numbers.add(pid) && pid != ProcessHandle.current().pid()) {
                ProcessHandle.of(pid).filter(this::runs).ifPresent(found::add);
                open.addAll(children.getOrDefault(pid, List.of()));
            }
        }
        return found;
    }

    /** Looks at every process once: whose child it is, and whether it carries the mark. */
    private void look(String mark, Map<Long, List<Long>> children, Collection<Long> marked) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path entry : entries) {
                long pid = Long.parseLong(entry.getFileName().toString());
                if (carries(entry, mark)) {
                    marked.add(pid);
                }
                String[] fields = stat(entry);
                if (fields.length > PARENT_FIELD) {
                    children.computeIfAbsent(Long.parseLong(fields[PARENT_FIELD]), parent -> new ArrayList<>())
                            .add(pid);
                }
            }
        } catch (IOException e) {
            log.warn("Processes not listed: directory={} error={}", proc, e.toString());
        }
    }

    /** Returns when the process began, {@code null} if there is none of that number. */
    @Nullable
    String startOf(long pid) {
        String[] fields = stat(proc.resolve(Long.toString(pid)));
        return fields.length > START_FIELD
                ? boot() + "/" + fields[START_FIELD]
                : ProcessHandle.of(pid)
                        .flatMap(process -> process.info().startInstant())
                        .map(Object::toString)
                        .orElse(null);
    }

    /** Returns the process, {@code null} if it has ended, whoever has its number now. */
    @Nullable
    ProcessHandle find(ProcessIdentity identity) {
        ProcessHandle process = ProcessHandle.of(identity.pid()).orElse(null);
        return process != null && runs(process) && identity.start().equals(startOf(identity.pid())) ? process : null;
    }

    private String boot() {
        try {
            return Files.readString(proc.resolve("sys/kernel/random/boot_id")).strip();
        } catch (IOException notShown) {
            return "";
        }
    }

    /** Returns the fields behind the name of the program, which may hold spaces; none if the process has ended. */
    private static String[] stat(Path entry) {
        try {
            String stat = Files.readString(entry.resolve("stat"), ISO_8859_1);
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        } catch (IOException notThere) {
            return new String[0];
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
