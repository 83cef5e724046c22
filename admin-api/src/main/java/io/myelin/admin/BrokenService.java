package io.myelin.admin;

import java.util.List;

/**
 * A service whose configuration cannot be served.
 *
 * @param problems what is wrong with it, for people, each with file, line and key
 */
public record BrokenService(String name, List<String> problems) {
    public BrokenService {
        problems = List.copyOf(problems);
    }
}
