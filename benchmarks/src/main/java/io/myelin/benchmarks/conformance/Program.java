package io.myelin.benchmarks.conformance;

import java.nio.file.Path;
import java.util.List;

/**
 * A proxy that is a program of its own, and what makes it serve the cases.
 *
 * @param binary what is executed
 */
record Program(String name, Path binary, Kind kind) {
    /** How the program is configured and started. */
    interface Kind {
        /** Returns the configuration with which it sends what comes in at each port to the member at the same place. */
        String configuration(List<Integer> ports, List<Integer> memberPorts, Path directory);

        /** Returns the arguments that make it run in the foreground. */
        List<String> arguments(Path configuration, Path directory);
    }
}
