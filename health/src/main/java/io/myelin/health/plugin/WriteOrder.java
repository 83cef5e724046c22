package io.myelin.health.plugin;

/**
 * A write that a plugin accepted.
 *
 * @param id of its transaction
 * @param timeout how long the plugin tries, as the plugin wrote it
 */
public record WriteOrder(String id, String device, WriteCommand command, String timeout) {}
