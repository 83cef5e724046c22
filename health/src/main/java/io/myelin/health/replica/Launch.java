package io.myelin.health.replica;

import java.nio.file.Path;
import java.util.List;

/** How one replica is started. */
public sealed interface Launch {
    /**
     * As a process.
     *
     * @param program a path, or a name to be found in {@code PATH}
     * @param args as the file writes them, in which {@code %NAME%} stands for a variable of the replica's environment
     * @param workingDirectory where it runs
     */
    record Executable(String program, String args, Path workingDirectory) implements Launch {}

    /**
     * As a container of the engine's command-line program.
     *
     * @param engine {@code docker}, {@code podman}, or empty for whichever is installed
     * @param image the image to run
     * @param args given to the image's entry point, as the file writes them
     * @param volumes what is mounted, each {@code SOURCE:TARGET}
     */
    record Container(String engine, String image, String args, List<String> volumes) implements Launch {
        public Container {
            volumes = List.copyOf(volumes);
        }
    }

    /** Not at all: it runs elsewhere, and only its address is known. */
    record External() implements Launch {}
}
