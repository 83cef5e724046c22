package io.myelin.config.reader;

import io.myelin.config.LoadedConfig;
import io.myelin.config.Problem;
import io.myelin.config.ServiceConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Texts read as configuration files, named {@code 0.yaml}, {@code 1.yaml} and so on in messages. */
record ConfigFiles(Path directory) {
    LoadedConfig load(String... texts) {
        List<Path> files = new ArrayList<>();
        for (String text : texts) {
            files.add(write(directory.resolve(files.size() + ".yaml"), text));
        }
        return new ConfigReader().read(files);
    }

    /** Returns the only service of {@code text}, which must have no error. */
    ServiceConfig service(String text) {
        LoadedConfig loaded = load(text);
        if (loaded.hasErrors()) {
            throw new AssertionError(loaded.problems().toString());
        }
        return loaded.config().services().get(0);
    }

    /** Returns what is wrong, without the directory. */
    List<String> problems(String... texts) {
        return load(texts).problems().stream().map(this::shortened).toList();
    }

    String shortened(Problem problem) {
        return problem.toString().replace(directory + "/", "");
    }

    private static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
