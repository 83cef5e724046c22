package io.myelin.health.lifecycle;

import io.myelin.model.Clock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs short programs, a few at once and each within a limit, on threads of its own, of which there are none while
 * nothing runs. Safe from any thread.
 */
final class Programs implements AutoCloseable {
    /** How many run at once; others wait, and their limit begins when they do run. */
    static final int AT_ONCE = 8;

    private static final Logger log = LoggerFactory.getLogger(Programs.class);
    private static final long IDLE_SECONDS = 2;
    private static final long LOOK_MILLIS = 20;
    /** How much of the first line is kept. */
    private static final int LINE_LIMIT = 200;

    private final Clock clock;
    private final ThreadPoolExecutor threads;

    /**
     * Creates what runs nothing yet.
     *
     * @param name of its threads
     */
    Programs(String name, Clock clock) {
        this.clock = clock;
        this.threads = new ThreadPoolExecutor(
                AT_ONCE, AT_ONCE, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** How a program ended. */
    enum Outcome {
        EXITED,
        TIMED_OUT,
        NOT_STARTED,
        /** It was not wanted any more. */
        CANCELED
    }

    /**
     * The end of a program.
     *
     * @param code the exit code, 0 if it did not exit
     * @param line the first line it wrote, or why it was not started; empty if there is none
     * @param nanos how long it ran
     */
    record End(Outcome outcome, int code, String line, long nanos) {}

    /**
     * Queues a program.
     *
     * @param words the program and its arguments
     * @param environment in addition to the one of this process
     * @param limit after which it is killed, and its children with it
     * @param reader gets the end, on another thread, unless the program is canceled before it runs
     */
    Run run(List<String> words, Map<String, String> environment, Duration limit, Consumer<End> reader) {
        Run run = new Run(words, environment, limit, reader);
        try {
            threads.execute(run);
        } catch (RejectedExecutionException e) {
            reader.accept(new End(Outcome.CANCELED, 0, "stopped", 0));
        }
        return run;
    }

    /** Kills what runs and runs nothing more. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** One program, queued or running. */
    final class Run implements Runnable {
        private final List<String> words;
        private final Map<String, String> environment;
        private final Duration limit;
        private final Consumer<End> reader;
        private final byte[] buffer = new byte[4_096];
        private final StringBuilder line = new StringBuilder();
        private volatile boolean canceled;
        private volatile boolean lineEnded;

        private Run(List<String> words, Map<String, String> environment, Duration limit, Consumer<End> reader) {
            this.words = words;
            this.environment = environment;
            this.limit = limit;
            this.reader = reader;
        }

        /** Kills the program soon, or keeps it from being started. */
        void cancel() {
            canceled = true;
            threads.remove(this);
        }

        @Override
        public void run() {
            if (canceled) {
                return;
            }
            long startNanos = clock.nanoTime();
            try {
                reader.accept(await(start(), startNanos));
            } catch (IOException | RuntimeException e) {
                log.debug("A program was not run: program={}", words.get(0), e);
                reader.accept(new End(
                        Outcome.NOT_STARTED,
                        0,
                        "cannot run " + words.get(0) + ": " + e.getMessage(),
                        nanos(startNanos)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                reader.accept(new End(Outcome.CANCELED, 0, "stopped", nanos(startNanos)));
            }
        }

        private Process start() throws IOException {
            ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        }

        /** Reads whatever the program writes, so that it never waits for a reader, and keeps its first line. */
        private End await(Process process, long startNanos) throws IOException, InterruptedException {
            try (InputStream output = process.getInputStream()) {
                while (true) {
                    boolean ended = process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                    // Looked at first, so that whatever was written within the limit is read.
                    boolean late = nanos(startNanos) >= limit.toNanos();
                    drain(output);
                    if (ended) {
                        return new End(
                                Outcome.EXITED,
                                process.exitValue(),
                                line.toString().strip(),
                                nanos(startNanos));
                    }
                    if (canceled) {
                        return new End(Outcome.CANCELED, 0, "", nanos(startNanos));
                    }
                    if (late) {
                        return new End(Outcome.TIMED_OUT, 0, line.toString().strip(), nanos(startNanos));
                    }
                }
            } finally {
                kill(process);
            }
        }

        private void drain(InputStream output) throws IOException {
            while (output.available() > 0) {
                int read = output.read(buffer, 0, Math.min(buffer.length, output.available()));
                for (int i = 0; i < read && !lineEnded; i++) {
                    lineEnded = buffer[i] == '\n' || line.length() == LINE_LIMIT;
                    if (!lineEnded) {
                        line.append(new String(buffer, i, 1, StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }

        private long nanos(long startNanos) {
            return clock.nanoTime() - startNanos;
        }
    }

    /** Kills the process and whatever it started and left behind. */
    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
