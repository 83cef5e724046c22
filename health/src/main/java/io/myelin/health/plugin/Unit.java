package io.myelin.health.plugin;

/** What a number counts, such as {@code celsius} and {@code C}. */
public record Unit(String name, String symbol) {}
