package io.myelin.launcher.process;

import io.myelin.config.reader.ConfigReader;
import io.myelin.config.reader.ParsedFiles;
import io.myelin.server.BindAddress;
import io.myelin.server.ServerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a start of the process is told, apart from the configuration itself.
 *
 * @param files the configuration files, read again at every reload
 * @param admin where operators reach the process, {@code null} for what the files say
 * @param drainLimit how long connections may go on after the process was asked to stop
 * @param server how sockets are driven
 * @param version of this program
 * @param instanceId what the instances of this host are called, {@code null} for what the files say
 * @param synse where Synse's API listens
 */
public record LaunchOptions(
        List<Path> files,
        @Nullable BindAddress admin,
        Duration drainLimit,
        ServerOptions server,
        String version,
        @Nullable String instanceId,
        SynseAddress synse) {
    /** A start that leaves the name of the instances to the files. */
    public LaunchOptions(
            List<Path> files, @Nullable BindAddress admin, Duration drainLimit, ServerOptions server, String version) {
        this(files, admin, drainLimit, server, version, null, SynseAddress.OF_FILES);
    }

    public LaunchOptions {
        files = List.copyOf(files);
        if (drainLimit.isNegative()) {
            throw new IllegalArgumentException("drain limit: " + drainLimit + " (expected: >= 0)");
        }
    }

    /** Returns the same with another name for the instances of this host, {@code null} for what the files say. */
    public LaunchOptions named(@Nullable String newInstanceId) {
        return new LaunchOptions(files, admin, drainLimit, server, version, newInstanceId, synse);
    }

    /** Returns the same with Synse's API at another address. */
    public LaunchOptions answeringSynse(SynseAddress address) {
        return new LaunchOptions(files, admin, drainLimit, server, version, instanceId, address);
    }

    /** Reads the files as they are now. */
    ParsedFiles parse() {
        return new ConfigReader(instanceId).parse(files);
    }

    BindAddress adminOr(BindAddress configured) {
        return admin == null ? configured : admin.with(configured.options());
    }
}
