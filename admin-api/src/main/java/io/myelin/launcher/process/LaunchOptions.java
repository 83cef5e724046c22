package io.myelin.launcher.process;

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
 */
public record LaunchOptions(
        List<Path> files, @Nullable BindAddress admin, Duration drainLimit, ServerOptions server, String version) {
    public LaunchOptions {
        files = List.copyOf(files);
        if (drainLimit.isNegative()) {
            throw new IllegalArgumentException("drain limit: " + drainLimit + " (expected: >= 0)");
        }
    }

    BindAddress adminOr(BindAddress configured) {
        return admin == null ? configured : admin;
    }
}
