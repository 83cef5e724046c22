package io.myelin.config.reader;

import io.myelin.discovery.announce.ReporterConfig;
import org.jspecify.annotations.Nullable;

/** Reads where an instance is announced, for one kind of registry. */
@FunctionalInterface
interface ReporterReader {
    /** Returns what {@code section} says, {@code null} if it cannot be used and that was reported. */
    @Nullable
    ReporterConfig read(Section section);
}
