package io.myelin.launcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code myelin version}. */
@Command(name = "version", description = "Show the version of this program and of what runs it.")
final class VersionCommand implements Runnable {
    @Mixin
    private final CommandConsole console = new CommandConsole();

    VersionCommand() {}

    @Override
    public void run() {
        console.console().say(String.join(System.lineSeparator(), new ProgramVersion().getVersion()));
    }
}
