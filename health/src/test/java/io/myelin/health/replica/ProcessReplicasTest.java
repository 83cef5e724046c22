package io.myelin.health.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import io.myelin.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that are real processes. */
@Timeout(30)
class ProcessReplicasTest {
    private static final String FOREVER = "while :; do sleep 0.1; done";

    @TempDir
    Path directory;

    private final List<ReplicaSupervisor> supervisors = new ArrayList<>();
    private final List<Process> strangers = new ArrayList<>();

    @AfterEach
    void endAll() {
        supervisors.forEach(ReplicaSupervisor::close);
        strangers.forEach(Process::destroyForcibly);
    }

    @Test
    void aProcessGetsItsArgumentsItsEnvironmentAndItsDirectory() throws IOException {
        Path working = Files.createDirectory(directory.resolve("work"));
        Path script = Files.writeString(
                directory.resolve("show"), "#!/bin/sh\necho \"$1|$2|$PORT|$APP_INSTANCE|$(pwd)\"\nexec sleep 1000\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        ReplicaSupervisor supervisor = supervisor();
        apply(supervisor, service(new Launch.Executable(script.toString(), "\"a b\" %PORT%", working), 1));

        ReplicaView replica = awaitReady(supervisor);
        int port = replica.ports().get(0);
        awaitLine(
                supervisor,
                "[" + replica.name() + "]: a b|" + port + "|" + port + "|" + replica.name() + "|"
                        + working.toRealPath());
        assertThat(replica.pid()).isNotNull();
    }

    @Test
    void whoIgnoresSigtermIsKilled() throws IOException {
        ReplicaSupervisor supervisor = supervisor();
        apply(supervisor, shell("trap '' TERM; echo deaf; " + FOREVER, 1));
        ReplicaView before = awaitReady(supervisor);
        try (Socket held = holding(before)) {
            awaitLine(supervisor, "[" + before.name() + "]: deaf");

            supervisor.restart("web");
            ReplicaView after = awaitOther(supervisor, before);

            assertThat(view(supervisor).lastExitCode()).isEqualTo(137);
            assertThat(after.ports()).isEqualTo(before.ports()).containsExactly(held.getLocalPort());
            assertThat(process(before)).isEmpty();
        }
    }

    @Test
    void childrenAreEndedHoweverFarTheyWent() {
        ReplicaSupervisor supervisor = supervisor();
        String forks = "sleep 1000 & (setsid sleep 1000 &) ; (trap '' TERM; echo forked; " + FOREVER + ") & wait";
        apply(supervisor, shell(forks, 1));
        ReplicaView before = awaitReady(supervisor);
        awaitLine(supervisor, "[" + before.name() + "]: forked");
        Await.until(
                "all have forked",
                () -> Processes.OF_THIS_HOST.marked(before.name()).size() >= 4);

        supervisor.restart("web");
        awaitOther(supervisor, before);

        assertThat(Processes.OF_THIS_HOST.marked(before.name())).isEmpty();
    }

    @Test
    void childrenOfAReplicaThatWasKilledAreEndedBeforeTheNextStarts() throws IOException {
        ReplicaSupervisor supervisor = supervisor();
        apply(supervisor, shell("sleep 1000 & echo forked; " + FOREVER, 1));
        ReplicaView before = awaitReady(supervisor);
        awaitLine(supervisor, "[" + before.name() + "]: forked");

        try (Socket held = holding(before)) {
            process(before).orElseThrow().destroyForcibly();
            Await.until("it is noticed", () -> view(supervisor).lastExitCode() != null);
            assertThat(view(supervisor).lastExitCode()).isEqualTo(137);

            ReplicaView after = awaitOther(supervisor, before);
            assertThat(Processes.OF_THIS_HOST.marked(before.name())).isEmpty();
            assertThat(after.ports()).isEqualTo(before.ports()).containsExactly(held.getLocalPort());
            assertThat(view(supervisor).restarts()).isEqualTo(1);
        }
    }

    @Test
    void whatHasEndedRunsNoMoreThoughNobodyAskedForItsExitCode() throws IOException {
        Process parent = stranger("sleep 0 & exec sleep 1000", "crashed_00000000-4");
        ProcessHandle child = Await.found(
                "a zombie",
                () -> parent.children()
                        .filter(one -> !Processes.OF_THIS_HOST.runs(one))
                        .findFirst()
                        .orElse(null));

        assertThat(child.isAlive()).as("listed").isTrue();
        assertThat(Processes.OF_THIS_HOST.tree(List.of(parent.toHandle(), child), "crashed_00000000-4"))
                .containsExactly(parent.toHandle());
    }

    @Test
    void aFloodOfOutputIsTakenAndCut() {
        ReplicaSupervisor supervisor = supervisor();
        apply(
                supervisor,
                shell(
                        "head -c 30000000 /dev/zero | tr '\\0' x; echo; yes line | head -n 20000; echo done; "
                                + "exec sleep 1000",
                        1));
        ReplicaView replica = awaitReady(supervisor);
        awaitLine(supervisor, "[" + replica.name() + "]: done");

        List<String> lines = supervisor.log("web");
        assertThat(lines).hasSize(ReplicaLog.LINES);
        assertThat(lines.stream().mapToLong(String::length).sum()).isLessThanOrEqualTo(ReplicaLog.CHARACTERS);
        assertThat(states(supervisor)).containsExactly("ready");
    }

    @Test
    void stoppingEndsAllWithinTheStopLimit() throws ExecutionException, InterruptedException, TimeoutException {
        ReplicaSupervisor supervisor = supervisor();
        apply(supervisor, shell("exec sleep 1000", 3));
        Await.until("all run", () -> states(supervisor).equals(List.of("ready", "ready", "ready")));
        List<ReplicaView> replicas = view(supervisor).replicas();

        supervisor.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);

        assertThat(replicas).allSatisfy(replica -> assertThat(process(replica)).isEmpty());
        assertThat(directory.resolve("run")).doesNotExist();
    }

    @Test
    void aProgramThatIsMissingSaysSo() {
        ReplicaSupervisor supervisor = supervisor();
        // It is not tried again while the test looks.
        apply(supervisor, service(new Launch.Executable("/nowhere/web", "", directory), 1, Duration.ofMinutes(1)));

        ReplicaView replica = Await.found(
                "it is tried",
                () -> view(supervisor).replicas().stream()
                        .filter(one -> one.reason().contains("cannot be started"))
                        .findFirst()
                        .orElse(null));
        assertThat(replica.reason())
                .startsWith("cannot be started: program /nowhere/web: not there (expected: an executable file)");
        assertThat(directory.resolve("run").toFile().list()).as("written down").containsExactly("lock");
    }

    @Test
    void whatACrashLeftOverIsEndedAtTheNextStartAndNoStranger() throws IOException {
        Path run = Files.createDirectory(directory.resolve("run"));
        Process left = stranger("(setsid sleep 1000 &); sleep 1000", "crashed_00000000-1");
        Process reused = stranger("exec sleep 1000", "crashed_00000000-2");
        Process orphan = stranger("sleep 1000; :", "crashed_00000000-3");
        note(run, "crashed_00000000-1", left.pid(), start(left));
        note(run, "crashed_other", reused.pid(), "another boot/1");
        note(run, "crashed_00000000-3", 1, "another boot/1");
        Process torn = stranger("sleep 1000; :", "crashed_00000000-5");
        Files.writeString(run.resolve("crashed_00000000-5.replica"), "pid=12");
        Await.until(
                "the child runs",
                () -> Processes.OF_THIS_HOST.marked("crashed_00000000-1").size() >= 3);
        // While a process becomes another program, the kernel shows no variable of it: these two stay what they are.
        Await.until(
                "those run whose mark alone is known",
                () -> Processes.OF_THIS_HOST.marked("crashed_00000000-3").size() == 2
                        && Processes.OF_THIS_HOST.marked("crashed_00000000-5").size() == 2);

        ReplicaSupervisor supervisor = supervisor();
        apply(supervisor, shell("exec sleep 1000", 1));
        ReplicaView replica = awaitReady(supervisor);

        assertThat(runs(left)).isFalse();
        Await.until(
                "its children are gone",
                () -> Processes.OF_THIS_HOST.marked("crashed_00000000-1").isEmpty());
        assertThat(runs(orphan)).isFalse();
        assertThat(runs(torn)).isFalse();
        assertThat(reused.isAlive()).isTrue();
        assertThat(supervisor.storeTrouble()).isEmpty();
        assertThat(run.toFile().list()).containsExactlyInAnyOrder("lock", replica.name() + ".replica");
    }

    /** Whenever this process is killed, what it has started is written down. */
    @Test
    void aReplicaIsWrittenDownBeforeItStarts() {
        List<String> notes = new CopyOnWriteArrayList<>();
        RunFiles noting = new RunFiles() {
            @Override
            public void write(Path file, String text) throws IOException {
                String replica = file.getFileName().toString().replace(RunEntry.SUFFIX, "");
                boolean started = text.contains("pid=");
                notes.add((started ? awaitMarked(replica) : marked(replica)) + " " + started);
                RunFiles.super.write(file, text);
            }
        };
        ReplicaSupervisor supervisor = new ReplicaSupervisor(
                new FakeMonitor(), Clock.SYSTEM, RandomSource.SYSTEM, Processes.OF_THIS_HOST, noting);
        supervisors.add(supervisor);
        apply(supervisor, shell("exec sleep 1000", 1));

        awaitReady(supervisor);
        assertThat(notes).containsExactly("0 false", "1 true");
    }

    @Test
    void theDirectoryOfAnotherRunningProcessIsLeftAlone() {
        ReplicaSupervisor first = supervisor();
        apply(first, shell("exec sleep 1000", 1));
        ReplicaView replica = awaitReady(first);

        ReplicaSupervisor second = supervisor();
        apply(second, shell("exec sleep 1000", 1));
        awaitReady(second);

        assertThat(second.storeTrouble()).contains("is used by another process that runs");
        assertThat(process(replica)).isPresent();
    }

    @Test
    void aDirectoryThatCannotBeWrittenStopsNothing() throws IOException {
        Files.writeString(directory.resolve("run"), "a file");
        ReplicaSupervisor supervisor = supervisor();
        apply(supervisor, shell("exec sleep 1000", 1));

        awaitReady(supervisor);
        assertThat(supervisor.storeTrouble()).startsWith("run_dir " + directory.resolve("run") + ": cannot be used");
        assertThat(supervisor.storeFailures()).isPositive();
    }

    @Test
    void aDiskThatIsFullStopsNothingAndIsToldOf() {
        RunFiles full = new RunFiles() {
            @Override
            public void write(Path file, String text) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        ReplicaSupervisor supervisor = new ReplicaSupervisor(
                new FakeMonitor(), Clock.SYSTEM, RandomSource.SYSTEM, Processes.OF_THIS_HOST, full);
        supervisors.add(supervisor);
        apply(supervisor, shell("exec sleep 1000", 2));

        Await.until("both run", () -> states(supervisor).equals(List.of("ready", "ready")));
        assertThat(supervisor.storeTrouble())
                .isEqualTo("run_dir " + directory.resolve("run")
                        + ": not written: java.io.IOException: No space left on device; replicas run all the same, and"
                        + " what a crash of this process leaves over will not be found");
        assertThat(supervisor.storeFailures()).as("before and after each start").isEqualTo(4);
    }

    private static int marked(String mark) {
        return Processes.OF_THIS_HOST.marked(mark).size();
    }

    /** Waits for the mark of what runs: while a process becomes another program, the kernel shows no variable of it. */
    private static int awaitMarked(String mark) {
        return Await.found("one with the mark " + mark, () -> {
            int count = marked(mark);
            return count == 0 ? null : count;
        });
    }

    private ReplicaSupervisor supervisor() {
        ReplicaSupervisor supervisor = new ReplicaSupervisor(new FakeMonitor(), Clock.SYSTEM, RandomSource.SYSTEM);
        supervisors.add(supervisor);
        return supervisor;
    }

    private Process stranger(String script, String mark) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script);
        builder.environment().put(Processes.MARK, mark);
        Process process = builder.start();
        strangers.add(process);
        return process;
    }

    /** Returns what the kernel says, of which Java hears a moment later. */
    private static boolean runs(Process process) {
        return Processes.OF_THIS_HOST.runs(process.toHandle());
    }

    private static String start(Process process) {
        String start = Processes.OF_THIS_HOST.startOf(process.pid());
        assertThat(start).isNotNull();
        return start;
    }

    private static void note(Path run, String replica, long pid, String start) throws IOException {
        RunEntry entry = new RunEntry(replica, new ProcessIdentity(pid, start), "", "", "sleep");
        Files.writeString(run.resolve(replica + RunEntry.SUFFIX), entry.text());
    }

    private void apply(ReplicaSupervisor supervisor, ReplicatedConfig service) {
        supervisor.apply(new ReplicaPlan(
                List.of(service),
                Map.of(),
                name -> null,
                (config, replica, ports) ->
                        Map.of("APP_INSTANCE", replica, "PORT", ports.get(0).toString()),
                directory.resolve("run")));
        Await.until("there is the service", () -> supervisor.service("web") != null);
    }

    /** Has the port of a replica, which does not listen: it can be listened at, but the system gives it to nobody. */
    private static Socket holding(ReplicaView replica) throws IOException {
        Socket socket = new Socket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), replica.ports().get(0)));
        return socket;
    }

    private static Optional<ProcessHandle> process(ReplicaView replica) {
        Long pid = replica.pid();
        assertThat(pid).isNotNull();
        return ProcessHandle.of(pid);
    }

    private ReplicatedConfig shell(String script, int replicas) {
        return service(
                new Launch.Executable("/bin/sh", "-c \"" + script.replace("\"", "\\\"") + "\"", directory), replicas);
    }

    private static ReplicatedConfig service(Launch launch, int replicas) {
        return service(launch, replicas, Duration.ofMillis(50));
    }

    private static ReplicatedConfig service(Launch launch, int replicas, Duration firstWait) {
        return new ReplicatedConfig(
                "web",
                launch,
                replicas,
                List.of(new ReplicaBinding("", "web", null, null, "", "http", "")),
                Map.of(),
                LifecycleConfig.NONE,
                new RestartPolicy(firstWait, Duration.ofMinutes(1), Duration.ofMinutes(1), null),
                Duration.ofMillis(300));
    }

    private static ReplicatedView view(ReplicaSupervisor supervisor) {
        ReplicatedView view = supervisor.service("web");
        assertThat(view).isNotNull();
        return view;
    }

    private static List<String> states(ReplicaSupervisor supervisor) {
        return view(supervisor).replicas().stream()
                .map(replica -> replica.state().text())
                .toList();
    }

    private static ReplicaView awaitReady(ReplicaSupervisor supervisor) {
        Await.until("it is ready", () -> states(supervisor).contains("ready"));
        return view(supervisor).replicas().get(0);
    }

    private static ReplicaView awaitOther(ReplicaSupervisor supervisor, ReplicaView before) {
        Await.until("another one is ready", () -> {
            List<ReplicaView> replicas = view(supervisor).replicas();
            return replicas.size() == 1
                    && !replicas.get(0).name().equals(before.name())
                    && replicas.get(0).state().text().equals("ready");
        });
        return view(supervisor).replicas().get(0);
    }

    private static void awaitLine(ReplicaSupervisor supervisor, String line) {
        Await.until(line, () -> {
            List<String> lines = supervisor.log("web");
            return lines != null && lines.contains(line);
        });
    }
}
