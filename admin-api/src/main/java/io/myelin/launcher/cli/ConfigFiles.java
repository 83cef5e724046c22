package io.myelin.launcher.cli;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The configuration files that a command works on. */
@OwnedBy(Owner.BUILDER)
final class ConfigFiles {
    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "A configuration file; may be given several times, all files are merged.")
    private List<Path> files = List.of();

    ConfigFiles() {}

    List<Path> paths() {
        return List.copyOf(files);
    }
}
