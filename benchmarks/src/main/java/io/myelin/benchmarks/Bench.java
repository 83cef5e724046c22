package io.myelin.benchmarks;

import io.myelin.benchmarks.load.LoadCommand;
import io.myelin.benchmarks.load.OriginCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code bench}: measures. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = {LoadCommand.class, OriginCommand.class})
public final class Bench {
    private Bench() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }
}
