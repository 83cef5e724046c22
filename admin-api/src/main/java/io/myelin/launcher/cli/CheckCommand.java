package io.myelin.launcher.cli;

import io.myelin.config.LoadedConfig;
import io.myelin.config.MyelinConfig;
import io.myelin.config.SynseConfig;
import io.myelin.config.reader.ConfigReader;
import io.myelin.launcher.process.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code myelin check}. */
@Command(
        name = "check",
        description = "Read configuration files and print everything that is wrong with them.",
        footer = {"", "Exit codes: 0 no error, 1 at least one error, 64 usage."})
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private final ConfigFiles files = new ConfigFiles();

    @Mixin
    private final CommandConsole console = new CommandConsole();

    CheckCommand() {}

    @Override
    public Integer call() {
        Console terminal = console.console();
        LoadedConfig loaded =
                new ConfigReader(files.instanceId(System.getenv())).read(files.paths(System.getenv(), console));
        loaded.problems().forEach(problem -> terminal.say(problem.toString()));
        if (loaded.hasErrors()) {
            return ExitCodes.FAILED;
        }
        terminal.say(summary(loaded.config()));
        return ExitCodes.OK;
    }

    private static String summary(MyelinConfig config) {
        SynseConfig synse = config.synse();
        return "ok: services=" + config.services().size() + " frontends="
                + config.frontends().size()
                + (config.announce().announcements().isEmpty()
                        ? ""
                        : " announcements=" + config.announce().announcements().size())
                + (synse == null
                        ? ""
                        : " plugins=" + synse.plugins().configured().size()
                                + (synse.kubernetes() == null ? "" : "+kubernetes"));
    }
}
