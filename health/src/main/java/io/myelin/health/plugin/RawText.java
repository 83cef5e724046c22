package io.myelin.health.plugin;

/**
 * A value that a plugin sent as bytes, in which objects and lists of values come.
 *
 * @param text that the bytes are in UTF-8
 */
public record RawText(String text) {}
