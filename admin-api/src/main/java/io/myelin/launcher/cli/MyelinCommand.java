package io.myelin.launcher.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** The program as typed on a command line. */
@Command(
        name = "myelin",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        description =
                "A data-plane proxy for each host: applications talk to localhost, Myelin finds a healthy instance.",
        subcommands = {RunCommand.class, CheckCommand.class, DemoCommand.class, VersionCommand.class},
        versionProvider = ProgramVersion.class,
        footer = {"", "Exit codes: 0 ok, 1 failed, 64 usage, 78 configuration.", "Benchmarks: bin/myelin bench --help"})
public final class MyelinCommand implements Runnable {
    @Mixin
    private final CommandConsole console = new CommandConsole();

    MyelinCommand() {}

    /** Returns the command line of the program, ready to execute. */
    public static CommandLine commandLine() {
        return new CommandLine(new MyelinCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((problem, arguments) -> refuse(problem))
                .setExecutionExceptionHandler((failure, command, result) -> fail(failure, command));
    }

    @Override
    public void run() {
        throw console.misuse("no command (expected: run, check, demo, bench or version)");
    }

    private static int refuse(ParameterException problem) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(problem.getMessage());
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return ExitCodes.USAGE;
    }

    private static int fail(Exception failure, CommandLine command) {
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + failure);
        err.flush();
        return ExitCodes.FAILED;
    }
}
