package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Sequence;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a file of Tye's is told from others: its services are a list. */
final class TyeFile {
    private static final List<String> LISTS = List.of("services", "ingress");
    private static final List<String> OWN = List.of("dashboardPort", "containerEngine");

    private TyeFile() {}

    static boolean is(Mapping document) {
        if (LISTS.stream().anyMatch(key -> isList(document.entry(key)))) {
            return true;
        }
        boolean others = document.entry("services") != null;
        return !others && OWN.stream().anyMatch(key -> document.entry(key) != null);
    }

    /** Returns whether the key is Tye's in a file of Tye's. */
    static boolean owns(String key) {
        return TyeKeys.TOP.known().contains(key);
    }

    /** Returns the absolute path of the file that the document is. */
    static Path path(Mapping document) {
        return Path.of(document.place().file()).toAbsolutePath().normalize();
    }

    /** Returns the folder that a file is in. */
    static Path folder(Path file) {
        Path parent = file.toAbsolutePath().normalize().getParent();
        return parent == null ? Path.of("/") : parent;
    }

    private static boolean isList(@Nullable Entry entry) {
        return entry != null && entry.value() instanceof Sequence;
    }
}
