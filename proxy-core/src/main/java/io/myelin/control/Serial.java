package io.myelin.control;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time, in the order they were given, on the threads that give them.
 *
 * <p>A task given while none runs is run before {@link #execute} returns. One given while another runs is left to the
 * thread that runs that one, so nobody ever waits; tasks must be short. What a task writes the next one sees. A task
 * that throws is logged and harms only itself.
 */
public final class Serial implements Executor {
    private static final Logger log = LoggerFactory.getLogger(Serial.class);

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    /** Runs {@code task}, or leaves it to whoever runs another one now; safe from any thread. */
    @Override
    public void execute(Runnable task) {
        // Added before it is counted: whoever counts down finds at least as many tasks as were counted.
        tasks.add(task);
        if (pending.getAndIncrement() > 0) {
            return;
        }
        do {
            Runnable next = tasks.poll();
            if (next != null) {
                run(next);
            }
        } while (pending.decrementAndGet() > 0);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("A task failed; later ones go on", e);
        }
    }
}
