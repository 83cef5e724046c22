package io.myelin.discovery.file;

import io.myelin.discovery.DiscoveryConfig;
import java.nio.file.Path;

/**
 * A file with the endpoints of one service.
 *
 * @param path of a JSON or YAML file that holds a list of maps, in the format of Synapse's {@code file_output}
 */
public record FileConfig(Path path) implements DiscoveryConfig {}
