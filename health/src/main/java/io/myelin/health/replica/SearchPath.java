package io.myelin.health.replica;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds programs as a shell does. */
final class SearchPath {
    private SearchPath() {}

    /**
     * Returns where {@code name} is, {@code null} if nowhere.
     *
     * @param path directories as in the variable {@code PATH}, {@code null} for none
     */
    static @Nullable Path find(String name, @Nullable String path) {
        if (path == null) {
            return null;
        }
        for (String directory : path.split(File.pathSeparator, -1)) {
            try {
                Path candidate = Path.of(directory, name);
                if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                    return candidate;
                }
            } catch (InvalidPathException noDirectory) {
                // An entry of PATH that can be no directory holds no program either.
            }
        }
        return null;
    }
}
