package io.myelin.health.plugin;

/**
 * How far a write has come.
 *
 * @param created RFC 3339, as the plugin wrote it
 * @param updated RFC 3339, as the plugin wrote it
 * @param message why it failed, empty otherwise
 */
public record Transaction(
        String id,
        String created,
        String updated,
        String message,
        String timeout,
        Status status,
        WriteCommand command) {
    /** In the words of the wire. */
    public enum Status {
        PENDING,
        WRITING,
        DONE,
        ERROR
    }
}
