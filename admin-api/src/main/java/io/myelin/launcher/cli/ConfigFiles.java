package io.myelin.launcher.cli;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The configuration files that a command works on. */
@OwnedBy(Owner.BUILDER)
final class ConfigFiles {
    private static final String SYNAPSE_VARIABLE = "SYNAPSE_CONFIG";
    private static final String NERVE_VARIABLE = "NERVE_CONFIG";
    private static final String INSTANCE_VARIABLE = "NERVE_INSTANCE_ID";

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = {
                "A configuration file; may be given several times, all files are merged.",
                "Without any, the environment variables " + SYNAPSE_VARIABLE + " and " + NERVE_VARIABLE
                        + " name one each; without those, config.yml or config.yaml is looked for in the working",
                "directory and in /etc/synse/server, and variables SYNSE_... are enough."
            })
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

    /**
     * Returns the files that the command line names, else those that the environment does, else the one that Synse
     * Server would read; none if the environment alone says what Synse Server does.
     */
    List<Path> paths(Map<String, String> environment, CommandConsole console) {
        if (!files.isEmpty()) {
            return List.copyOf(files);
        }
        List<Path> named = Stream.of(SYNAPSE_VARIABLE, NERVE_VARIABLE)
                .map(variable -> environment.getOrDefault(variable, ""))
                .filter(name -> !name.isBlank())
                .map(name -> Path.of(name.strip()))
                .toList();
        List<Path> found = named.isEmpty() ? SynseSearch.files(SynseSearch.DIRECTORIES, environment) : named;
        if (found == null) {
            throw console.misuse("Missing required option: '--config=FILE', or " + SYNAPSE_VARIABLE + ", "
                    + NERVE_VARIABLE + " or SYNSE_... in the environment");
        }
        return found;
    }
}
