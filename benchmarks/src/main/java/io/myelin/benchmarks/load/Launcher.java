package io.myelin.benchmarks.load;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What starts the Myelin that is measured. */
public final class Launcher {
    private Launcher() {}

    /**
     * Returns the words of {@code chosen}, or else the launcher beside the jar this runs from, or else the program that
     * the jar itself holds.
     */
    public static List<String> command(@Nullable String chosen) throws URISyntaxException {
        if (chosen != null) {
            return List.of(chosen.split(" ", -1));
        }
        Path jar = Path.of(Launcher.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path script = jar.resolve("../../../bin/myelin").normalize();
        if (Files.isExecutable(script)) {
            return List.of(script.toString());
        }
        String java =
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
        return List.of(java, "-cp", System.getProperty("java.class.path", ""), "io.myelin.launcher.Main");
    }
}
