package io.myelin.discovery.file;

import io.myelin.discovery.DiscoveryConfig;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A file with the endpoints of one service.
 *
 * @param path of a JSON or YAML file that holds a list of maps, in the format of Synapse's {@code file_output}
 * @param interval between two looks at it, after two of which a change counts
 */
public record FileConfig(Path path, Duration interval) implements DiscoveryConfig {
    /** A look is one call to the file system. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofMillis(300);

    public FileConfig(Path path) {
        this(path, DEFAULT_INTERVAL);
    }
}
