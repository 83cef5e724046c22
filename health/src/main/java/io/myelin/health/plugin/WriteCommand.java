package io.myelin.health.plugin;

/**
 * One thing to write to a device.
 *
 * @param content what the action needs, empty for nothing; sent in UTF-8
 * @param transaction the id that the write shall be known by, empty for one that the plugin chooses
 */
public record WriteCommand(String action, String content, String transaction) {}
