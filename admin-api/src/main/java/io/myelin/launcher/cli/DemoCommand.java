package io.myelin.launcher.cli;

import io.myelin.launcher.demo.Demo;
import io.myelin.launcher.demo.DemoOptions;
import io.myelin.launcher.process.Console;
import io.myelin.launcher.process.Lifecycle;
import io.myelin.launcher.process.Signals;
import io.myelin.launcher.process.StartException;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code myelin demo}. */
@Command(
        name = "demo",
        description = {
            "Run a whole world in one process: an embedded ZooKeeper, services that come, go and fail, and the proxy.",
            "It prints commands to try, and then one line for each event."
        })
@OwnedBy(Owner.BUILDER)
final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--pace",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = DurationConverter.class,
            description = "Time between two events (default: ${DEFAULT-VALUE}).")
    private Duration pace = Duration.ofSeconds(5);

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Decides to whom the events happen (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "End after this time (default: when told to).")
    private @Nullable Duration duration;

    @Option(names = "--once", description = "End after every event has happened once.")
    private boolean once;

    @Mixin
    private final ProcessFlags flags = new ProcessFlags();

    @Mixin
    private final CommandConsole console = new CommandConsole();

    DemoCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (pace.isZero()) {
            throw console.misuse("--pace: 0 (expected: > 0)");
        }
        Console terminal = console.console();
        Logs.onlyWarnings();
        Lifecycle lifecycle = new Lifecycle(Clock.SYSTEM);
        Signals.direct(lifecycle);
        Demo demo = new Demo(new DemoOptions(pace, seed, duration, once), lifecycle, terminal);
        try {
            demo.run(file -> flags.launch(List.of(file), System.getenv(), console));
            return ExitCodes.OK;
        } catch (StartException e) {
            terminal.complain(String.valueOf(e.getMessage()));
            return ExitCodes.FAILED;
        }
    }
}
