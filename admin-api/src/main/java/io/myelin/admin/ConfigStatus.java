package io.myelin.admin;

/**
 * What became of the configuration.
 *
 * @param version counts the configurations that took effect: 0 before the first, which makes the process not ready
 * @param appliedMillis wall clock at which the present one took effect, 0 if none did
 * @param rejected how many reloads were refused
 * @param error why the latest reload was refused, empty if it was not
 */
public record ConfigStatus(long version, long appliedMillis, long rejected, String error) {
    /** Before the first configuration. */
    public static final ConfigStatus NONE = new ConfigStatus(0, 0, 0, "");
}
