package io.myelin.launcher.cli;

import io.myelin.launcher.process.SynseAddress;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where Synse's API listens, by the flags of Synse Server. */
@OwnedBy(Owner.BUILDER)
final class SynseFlags {
    private static final int LAST_PORT = 65_535;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "Where Synse's API listens, if there is one; overrides the files.")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "PORT", description = "The port of Synse's API; overrides the files.")
    private @Nullable Integer port;

    SynseFlags() {}

    SynseAddress address(CommandConsole console) {
        Integer chosen = port;
        if (chosen != null && (chosen < 0 || chosen > LAST_PORT)) {
            throw console.misuse("--port: " + chosen + " (expected: 0.." + LAST_PORT + ")");
        }
        if (host != null && host.isBlank()) {
            throw console.misuse("--host: blank (expected: an address)");
        }
        return new SynseAddress(host, chosen);
    }
}
