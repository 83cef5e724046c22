package io.myelin.launcher.cli;

import io.myelin.launcher.process.Console;
import io.myelin.launcher.process.Rehearsal;
import io.myelin.launcher.process.StartException;
import io.myelin.server.ServerOptions;
import io.myelin.server.ServerOptions.Transport;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code myelin rehearse}: what {@code bin/myelin} makes its class archive from. */
@Command(
        name = "rehearse",
        hidden = true,
        description = "Start on free loopback ports, serve a few requests and end: loads what every start loads.")
final class RehearseCommand implements Callable<Integer> {
    @Mixin
    private final CommandConsole console = new CommandConsole();

    RehearseCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console terminal = console.console();
        try {
            Rehearsal.run(new ServerOptions(2, Transport.AUTO), ProgramVersion.text(), terminal);
            return ExitCodes.OK;
        } catch (StartException e) {
            terminal.complain(String.valueOf(e.getMessage()));
            return ExitCodes.FAILED;
        }
    }
}
