package io.myelin.log;

import java.util.function.LongSupplier;

/**
 * The access log of one listener.
 *
 * @param listener the listener's name
 * @param config what is logged
 * @param sink where it goes
 * @param openConnections of the listener; safe from any thread
 */
public record AccessLog(String listener, AccessConfig config, AccessSink sink, LongSupplier openConnections) {}
