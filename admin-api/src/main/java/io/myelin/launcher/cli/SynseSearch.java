package io.myelin.launcher.cli;

import io.myelin.config.reader.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where Synse Server finds its configuration when nobody names it. */
final class SynseSearch {
    /** In this order. */
    static final List<Path> DIRECTORIES = List.of(Path.of(""), Path.of("/etc/synse/server"));

    private static final List<String> NAMES = List.of("config.yml", "config.yaml");

    private SynseSearch() {}

    /**
     * Returns what to read: the first file that is there, or no file if the environment is enough, or {@code null} if
     * there is neither.
     */
    static @Nullable List<Path> files(List<Path> directories, Map<String, String> environment) {
        for (Path directory : directories) {
            for (String name : NAMES) {
                Path file = directory.resolve(name);
                if (Files.isRegularFile(file)) {
                    return List.of(file);
                }
            }
        }
        return ConfigReader.synseIn(environment) ? List.of() : null;
    }
}
