package io.myelin.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The program in a process of its own. */
public final class MyelinProcess implements AutoCloseable {
    /** Optimizing its code would take longer than running it as it is. */
    private static final String SHORT_LIVED = "-Xmx256m -XX:TieredStopAtLevel=1";

    private static final int LIMIT_SECONDS = 60;

    /** Stands behind the last line; no line holds a line end. */
    private static final String END = "\n";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> errorsRead;

    private MyelinProcess(Process process) {
        this.process = process;
        CompletableFuture.runAsync(
                        () -> process.inputReader().lines().forEach(lines::add),
                        task -> new Thread(task, "output of process").start())
                .whenComplete((all, cut) -> lines.add(END));
        this.errorsRead = CompletableFuture.runAsync(
                () -> process.errorReader().lines().forEach(errors::add),
                task -> new Thread(task, "errors of process").start());
    }

    public static MyelinProcess start(String... words) throws IOException {
        return startAt("127.0.0.1:0", words);
    }

    public static MyelinProcess startAt(String admin, String... words) throws IOException {
        return startWith(Map.of("MYELIN_ADMIN_ADDRESS", admin), words);
    }

    /** Starts it with further variables in its environment. */
    public static MyelinProcess startWith(Map<String, String> environment, String... words) throws IOException {
        return startIn(Path.of("").toAbsolutePath(), environment, words);
    }

    /**
     * The same in another working directory. Where the program is packaged, it is the package that is started as its
     * users do it, on the newest JDK; that is quicker, too, since there is an archive of its classes for that one.
     */
    public static MyelinProcess startIn(Path directory, Map<String, String> environment, String... words)
            throws IOException {
        String script = System.getProperty("myelin.test.script");
        return script == null
                ? started(directory, ofClasses(), environment, words)
                : started(directory, List.of(script), withOptions(environment, SHORT_LIVED), words);
    }

    private static List<String> ofClasses() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(SHORT_LIVED.split(" ")));
        command.addAll(
                List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), "io.myelin.launcher.Main"));
        return command;
    }

    private static Map<String, String> withOptions(Map<String, String> environment, String javaOptions) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("JAVA_OPTS", javaOptions);
        return all;
    }

    /** Starts it by the script that its users call, on the JDK of this process with further flags. */
    public static MyelinProcess startBy(Path script, String javaOptions, String... words) throws IOException {
        return startBy(
                script, Map.of("JAVA_OPTS", javaOptions, "MYELIN_JAVA_HOME", System.getProperty("java.home")), words);
    }

    /** Starts it by the script that its users call, with {@code environment} beside that of this process. */
    public static MyelinProcess startBy(Path script, Map<String, String> environment, String... words)
            throws IOException {
        return started(Path.of("").toAbsolutePath(), List.of(script.toString()), environment, words);
    }

    private static MyelinProcess started(
            Path directory, List<String> program, Map<String, String> environment, String... words) throws IOException {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().put("MYELIN_ADMIN_ADDRESS", "127.0.0.1:0");
        builder.environment().putAll(environment);
        return new MyelinProcess(builder.start());
    }

    /** Returns the next line of standard output that is wanted. */
    public String awaitLine(Predicate<String> wanted) throws IOException {
        try {
            for (String line = nextLine(); !line.equals(END); line = nextLine()) {
                if (wanted.test(line)) {
                    return line;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        lines.add(END);
        throw new IOException("the process ended first; its errors: " + errors());
    }

    private String nextLine() throws IOException, InterruptedException {
        String line = lines.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (line == null) {
            throw new IOException("the process says nothing; its errors: " + errors);
        }
        return line;
    }

    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    public int exitCode() throws InterruptedException, IOException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("the process did not end; its errors: " + errors);
        }
        return process.exitValue();
    }

    /** Returns everything on standard error, once the process has ended. */
    public String errors() {
        errorsRead.copy().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
        return String.join("\n", errors);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
