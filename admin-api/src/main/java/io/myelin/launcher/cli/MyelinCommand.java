package io.myelin.launcher.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program as typed on a command line. */
@Command(
        name = "myelin",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        description =
                "A data-plane proxy for each host: applications talk to localhost, Myelin finds a healthy instance.",
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            DemoCommand.class,
            VersionCommand.class,
            RehearseCommand.class
        },
        versionProvider = ProgramVersion.class,
        footer = {"", "Exit codes: 0 ok, 1 failed, 64 usage, 78 configuration.", "Benchmarks: bin/myelin bench --help"})
public final class MyelinCommand implements Runnable {
    private static final String COMMANDS = "(expected: run, check, demo, bench or version)";

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
        throw console.misuse("no command " + COMMANDS);
    }

    private static int refuse(ParameterException problem) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(describe(problem));
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return ExitCodes.USAGE;
    }

    private static String describe(ParameterException problem) {
        boolean atTheTop = problem.getCommandLine().getParent() == null;
        if (atTheTop && problem instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            return unmatched.getUnmatched().get(0) + ": unknown command " + COMMANDS;
        }
        return String.valueOf(problem.getMessage());
    }

    private static int fail(Exception failure, CommandLine command) {
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + failure);
        err.flush();
        return ExitCodes.FAILED;
    }
}
