package io.myelin.launcher.cli;

import io.myelin.launcher.process.Console;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a command speaks to the person who typed it. */
@Command
@OwnedBy(Owner.BUILDER)
final class CommandConsole {
    // Set by reflection when the command line is built.
    @SuppressWarnings("FieldCanBeFinal")
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    CommandConsole() {}

    Console console() {
        CommandLine command = spec.commandLine();
        return new Console(command.getOut(), command.getErr());
    }

    /** Returns what to throw when what was typed makes no sense. */
    ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
