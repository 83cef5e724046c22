package io.myelin.launcher.cli;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The configuration files that a command works on. */
@OwnedBy(Owner.BUILDER)
final class ConfigFiles {
    private static final String INSTANCE_VARIABLE = "NERVE_INSTANCE_ID";

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "A configuration file; may be given several times, all files are merged.")
    private List<Path> files = List.of();

    @Option(
            names = {"-i", "--instance-id"},
            paramLabel = "NAME",
            description = {
                "What the instances of this host are called where they are announced; overrides the files.",
                "The environment variable " + INSTANCE_VARIABLE + " does the same."
            })
    private @Nullable String instanceId;

    ConfigFiles() {}

    /** Returns the name that the command line or the environment gives, {@code null} to leave it to the files. */
    @Nullable
    String instanceId(Map<String, String> environment) {
        String variable = environment.get(INSTANCE_VARIABLE);
        return instanceId == null && variable != null && !variable.isBlank() ? variable.strip() : instanceId;
    }

    List<Path> paths() {
        return List.copyOf(files);
    }
}
