package io.myelin.launcher.demo;

import io.myelin.launcher.process.Console;
import io.myelin.launcher.process.LaunchOptions;
import io.myelin.launcher.process.Lifecycle;
import io.myelin.launcher.process.Lifecycle.Request;
import io.myelin.launcher.process.RunningProxy;
import io.myelin.launcher.process.StartException;
import io.myelin.pool.Pool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A proxy with a world around it, in one process. */
public final class Demo {
    private static final Logger log = LoggerFactory.getLogger(Demo.class);
    private static final Duration GATHERING_LIMIT = Duration.ofSeconds(15);
    private static final Duration GLANCE = Duration.ofMillis(20);

    private final DemoOptions options;
    private final Lifecycle lifecycle;
    private final Console console;

    public Demo(DemoOptions options, Lifecycle lifecycle, Console console) {
        this.options = options;
        this.lifecycle = lifecycle;
        this.console = console;
    }

    /**
     * Runs until {@code lifecycle} is asked to stop, or until the options say so.
     *
     * @param launch returns how to start the proxy with a configuration file
     */
    public void run(Function<Path, LaunchOptions> launch) throws IOException, StartException, InterruptedException {
        ScheduledExecutorService stage = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "demo-script");
            thread.setDaemon(true);
            return thread;
        });
        try (DemoWorld world = new DemoWorld();
                RunningProxy proxy = RunningProxy.start(launch.apply(world.file()), lifecycle, console)) {
            gather(world, proxy, stage);
            console.say("Try, in another terminal:");
            CurlLines.of(world, proxy.adminUrl()).forEach(line -> console.say("  " + line));
            console.say("Dashboard: " + proxy.adminUrl() + "/  Configuration: " + world.file() + "  End: Ctrl-C");
            narrate(world, proxy);
            play(new DemoScript(world, new Random(options.seed())::nextInt, proxy.adminUrl()), stage);
            proxy.serve();
            end(stage);
        } finally {
            stage.shutdownNow();
        }
    }

    /** Waits until every endpoint that is registered has reached its pool. */
    private void gather(DemoWorld world, RunningProxy proxy, ScheduledExecutorService stage)
            throws InterruptedException {
        Gathering gathering = new Gathering(world, proxy, lifecycle);
        var glances = stage.scheduleWithFixedDelay(gathering::glance, 0, GLANCE.toMillis(), TimeUnit.MILLISECONDS);
        if (!gathering.await(GATHERING_LIMIT)) {
            console.complain("demo: not every endpoint was found in time, going on");
        }
        glances.cancel(false);
    }

    /** Prints every change of a pool from now on. */
    private void narrate(DemoWorld world, RunningProxy proxy) {
        for (DemoService service : world.services()) {
            Pool pool = proxy.assembly().view().pool(service.name());
            if (pool != null) {
                pool.observe((changed, before, after) -> console.say("  pool " + changed.name() + ": "
                        + after.eligible().size() + " of " + after.members().size() + " take traffic ("
                        + after.cause() + ")"));
            }
        }
    }

    private void play(DemoScript script, ScheduledExecutorService stage) {
        long pace = options.pace().toMillis();
        stage.scheduleAtFixedRate(() -> act(script), pace, pace, TimeUnit.MILLISECONDS);
        Duration limit = options.limit();
        if (limit != null) {
            stage.schedule(() -> lifecycle.request(Request.STOP), limit.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void act(DemoScript script) {
        try {
            console.say("event " + script.play());
        } catch (IOException | RuntimeException e) {
            log.error("An event of the demo failed; later ones go on", e);
        }
        if (options.once() && script.ended()) {
            lifecycle.request(Request.STOP);
        }
    }

    /** Nothing may happen to a world that is being taken down. */
    private static void end(ScheduledExecutorService stage) throws InterruptedException {
        stage.shutdownNow();
        if (!stage.awaitTermination(1, TimeUnit.SECONDS)) {
            log.warn("The last event of the demo did not end in time");
        }
    }
}
