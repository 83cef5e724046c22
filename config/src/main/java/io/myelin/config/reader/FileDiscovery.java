package io.myelin.config.reader;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.file.FileConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the {@code discovery} of a service whose endpoints stand in a file. */
final class FileDiscovery implements DiscoveryMethod {
    private static final String EXPECTED = "the path of a JSON or YAML file";

    @Override
    public Keys keys() {
        return Keys.FILE;
    }

    @Override
    public @Nullable DiscoveryConfig read(Section discovery) {
        String text = discovery.text("path");
        if (text == null) {
            if (!discovery.has("path")) {
                discovery.problems().error(discovery.where(), "has no path", EXPECTED);
            }
            return null;
        }
        try {
            return new FileConfig(Path.of(text));
        } catch (InvalidPathException ignored) {
            discovery.problems().error(discovery.where("path"), text, EXPECTED);
            return null;
        }
    }
}
