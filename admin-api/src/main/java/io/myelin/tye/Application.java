package io.myelin.tye;

import java.util.UUID;
import java.util.function.Supplier;

/**
 * The application as a whole.
 *
 * @param id another one at each start
 * @param name how it is called at the moment
 * @param source which file describes it, empty if no single one does
 * @param stop asks the process to stop; returns at once
 */
public record Application(UUID id, Supplier<String> name, Supplier<String> source, Runnable stop) {}
