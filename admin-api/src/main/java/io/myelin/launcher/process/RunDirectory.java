package io.myelin.launcher.process;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Where replicas are written down: another place for every user and every set of files. */
final class RunDirectory {
    private RunDirectory() {}

    /**
     * Returns the directory.
     *
     * @param files from which the process is started
     * @param environment returns a variable of this process, {@code null} if it is not set
     */
    static Path of(List<Path> files, Function<String, @Nullable String> environment) {
        String user = System.getProperty("user.name");
        String names = files.stream()
                .map(file -> file.toAbsolutePath().normalize().toString())
                .collect(Collectors.joining("\n", user + "\n", ""));
        CRC32 hash = new CRC32();
        hash.update(names.getBytes(StandardCharsets.UTF_8));
        String own = environment.apply("XDG_RUNTIME_DIR");
        String parent = own == null || own.isBlank() ? System.getProperty("java.io.tmpdir") : own;
        return Path.of(parent, String.format("myelin-%s-%08x", user, hash.getValue()));
    }
}
