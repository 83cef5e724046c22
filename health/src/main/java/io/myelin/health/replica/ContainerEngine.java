package io.myelin.health.replica;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The command-line program of a container engine.
 *
 * @param program where it is
 */
record ContainerEngine(Path program) {
    private static final Logger log = LoggerFactory.getLogger(ContainerEngine.class);
    private static final List<String> KNOWN = List.of("docker", "podman");

    /**
     * Finds an engine.
     *
     * @param wanted its name, empty for whichever is installed
     * @param image which it is to run, for the message
     * @param path directories as in the variable {@code PATH}, {@code null} for none
     * @throws IOException if it is not installed
     */
    static ContainerEngine find(String wanted, String image, @Nullable String path) throws IOException {
        List<String> names = wanted.isEmpty() ? KNOWN : List.of(wanted);
        for (String name : names) {
            Path program = SearchPath.find(name, path);
            if (program != null) {
                return new ContainerEngine(program);
            }
        }
        throw new IOException("image " + image + ": needs " + String.join(" or ", names)
                + ", which is not installed (expected: the program in PATH, or an executable instead of an image)");
    }

    /** Returns a whole command. */
    List<String> command(List<String> words) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(words);
        return command;
    }

    /** Begins to carry out a command whose output nobody needs; {@code null} if that is not possible. */
    @Nullable
    Process begin(String... words) {
        List<String> command = command(List.of(words));
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            log.warn("Container engine cannot be called: command={} error={}", command, e.toString());
            return null;
        }
    }
}
