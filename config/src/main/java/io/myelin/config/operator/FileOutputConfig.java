package io.myelin.config.operator;

import java.nio.file.Path;
import java.util.Set;

/**
 * A directory with a file for each service, which holds its endpoints as JSON.
 *
 * @param disabled the services that have none
 * @param purge whether files named {@code *.json} that belong to no service are deleted
 */
public record FileOutputConfig(Path directory, Set<String> disabled, boolean purge) {
    public FileOutputConfig {
        disabled = Set.copyOf(disabled);
    }
}
