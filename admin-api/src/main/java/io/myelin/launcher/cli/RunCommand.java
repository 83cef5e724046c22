package io.myelin.launcher.cli;

import io.myelin.launcher.process.Console;
import io.myelin.launcher.process.LaunchOptions;
import io.myelin.launcher.process.Lifecycle;
import io.myelin.launcher.process.RunningProxy;
import io.myelin.launcher.process.Signals;
import io.myelin.launcher.process.StartException;
import io.myelin.model.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code myelin run}. */
@Command(
        name = "run",
        description = "Run the proxy in the foreground.",
        footer = {
            "",
            "Signals: HUP reads the files again; TERM and INT withdraw, drain and end, a second one ends at once.",
            "Exit codes: 0 stopped, 1 could not start, 64 usage, 78 nothing in the files can be used."
        })
final class RunCommand implements Callable<Integer> {
    @Mixin
    private final ConfigFiles files = new ConfigFiles();

    @Mixin
    private final ProcessFlags flags = new ProcessFlags();

    @Mixin
    private final SynseFlags synse = new SynseFlags();

    @Mixin
    private final CommandConsole console = new CommandConsole();

    RunCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Console terminal = console.console();
        LaunchOptions options = flags.launch(files.paths(System.getenv(), console), System.getenv(), console)
                .named(files.instanceId(System.getenv()))
                .answeringSynse(synse.address(console));
        Lifecycle lifecycle = new Lifecycle(Clock.SYSTEM);
        Signals.direct(lifecycle);
        try (RunningProxy proxy = RunningProxy.start(options, lifecycle, terminal)) {
            proxy.serve();
            return ExitCodes.OK;
        } catch (StartException e) {
            terminal.complain(String.valueOf(e.getMessage()));
            if (e.reason() == StartException.Reason.CONFIGURATION) {
                terminal.complain("not started: nothing in the configuration can be used");
                return ExitCodes.CONFIGURATION;
            }
            return ExitCodes.FAILED;
        }
    }
}
