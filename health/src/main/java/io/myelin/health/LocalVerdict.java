package io.myelin.health;

import java.util.List;

/**
 * What one round of an instance's checks came to.
 *
 * @param passing whether all of them pass
 * @param checks each of them, in the order of the configuration
 */
public record LocalVerdict(boolean passing, List<Part> checks) {
    public LocalVerdict {
        checks = List.copyOf(checks);
    }

    /**
     * One check.
     *
     * @param name what people call it
     * @param passing what is concluded after rise and fall
     * @param reason what was observed last
     */
    public record Part(String name, boolean passing, String reason) {}
}
