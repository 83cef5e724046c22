package io.myelin.health.replica;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Starts replicas as processes, each in a session of its own where the system has {@code setsid}, so that a key pressed
 * in the terminal of this process does not end them.
 */
final class ProcessRunner implements ReplicaRunner {
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final File NOTHING = new File("/dev/null");

    private final Processes processes;

    ProcessRunner(Processes processes) {
        this.processes = processes;
    }

    @Override
    public RunningReplica start(Start start, Consumer<String> output) throws IOException {
        if (!(start.launch() instanceof Launch.Executable executable)) {
            throw new IllegalArgumentException("launch: " + start.launch() + " (expected: an executable)");
        }
        List<String> words = words(executable, start.environment());
        Process process = launch(words, executable.workingDirectory(), start.replica(), start.environment());
        OutputReader.start(start.replica(), process.getInputStream(), output);
        return new StartedProcess(process, start.replica(), processes);
    }

    /** Starts {@code words}, whose output is to be read by the caller. */
    static Process launch(List<String> words, Path directory, String replica, Map<String, String> environment)
            throws IOException {
        requireProgram(words.get(0), directory);
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            command.add(SETSID.toString());
        }
        command.addAll(words);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        if (NOTHING.exists()) {
            builder.redirectInput(NOTHING);
        }
        builder.environment().putAll(environment);
        builder.environment().put(Processes.MARK, replica);
        return builder.start();
    }

    /** Says what is missing, which {@code setsid} would say in the output only. */
    private static void requireProgram(String program, Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IOException("working directory " + directory + ": not there (expected: a directory)");
        }
        if (program.contains("/")) {
            Path path = directory.resolve(program);
            if (!Files.isRegularFile(path)) {
                throw new IOException("program " + path + ": not there (expected: an executable file)");
            }
            if (!Files.isExecutable(path)) {
                throw new IOException("program " + path + ": may not be executed (expected: an executable file)");
            }
        } else if (SearchPath.find(program, System.getenv("PATH")) == null) {
            throw new IOException("program " + program + ": not found (expected: one in PATH, or a path)");
        }
    }

    private static List<String> words(Launch.Executable executable, Map<String, String> environment) {
        List<String> words = new ArrayList<>();
        if (executable.program().toLowerCase(Locale.ROOT).endsWith(".dll")) {
            words.add("dotnet");
        }
        words.add(executable.program());
        words.addAll(Arguments.of(executable.args(), environment));
        return words;
    }
}
