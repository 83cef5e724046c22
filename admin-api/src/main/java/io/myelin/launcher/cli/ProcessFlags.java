package io.myelin.launcher.cli;

import io.myelin.launcher.process.LaunchOptions;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.server.BindAddress;
import io.myelin.server.ServerOptions;
import io.myelin.server.ServerOptions.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The flags of every command that runs a proxy. */
@OwnedBy(Owner.BUILDER)
final class ProcessFlags {
    static final String ADMIN_VARIABLE = "MYELIN_ADMIN_ADDRESS";

    @Option(
            names = "--drain-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How long connections may go on after SIGTERM (default: ${DEFAULT-VALUE}).")
    private Duration drainTimeout = Duration.ofSeconds(30);

    @Option(
            names = "--admin",
            paramLabel = "ADDR",
            converter = AddressConverter.class,
            description = {
                "Where operators reach the process, as host:port; overrides the files.",
                "The environment variable " + ADMIN_VARIABLE + " overrides both."
            })
    private @Nullable BindAddress admin;

    @Option(
            names = "--transport",
            paramLabel = "KIND",
            defaultValue = "auto",
            description = "How sockets are driven: auto, epoll, io_uring or nio (default: ${DEFAULT-VALUE}).")
    private Transport transport = Transport.AUTO;

    @Option(
            names = "--loops",
            paramLabel = "N",
            description = "How many event loops carry traffic (default: one per core).")
    private @Nullable Integer loops;

    ProcessFlags() {}

    /** Returns how to start the process with {@code files}. */
    LaunchOptions launch(List<Path> files, Map<String, String> environment, CommandConsole console) {
        return new LaunchOptions(
                files, admin(environment, console), drainTimeout, server(console), ProgramVersion.text());
    }

    private @Nullable BindAddress admin(Map<String, String> environment, CommandConsole console) {
        String variable = environment.get(ADMIN_VARIABLE);
        if (variable != null && !variable.isBlank()) {
            try {
                return new AddressConverter().convert(variable.trim());
            } catch (TypeConversionException e) {
                throw console.misuse(ADMIN_VARIABLE + ": " + e.getMessage());
            }
        }
        return admin;
    }

    private ServerOptions server(CommandConsole console) {
        Integer chosen = loops;
        int count = chosen == null ? Runtime.getRuntime().availableProcessors() : chosen;
        if (count < 1) {
            throw console.misuse("--loops: " + count + " (expected: >= 1)");
        }
        return new ServerOptions(count, transport);
    }
}
