package io.myelin.server;

/**
 * The client connections of the whole process.
 *
 * @param open at all listeners, those that were closed and finish included
 * @param limit how many may be open at once, 0 for any number
 */
public record ProcessConnections(long open, int limit) {}
