package io.myelin.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the options of one endpoint, in the words of HAProxy's server lines, say of it beyond what its service says of
 * all. What an endpoint's registry has badly written counts as not written.
 *
 * @param backup whether it serves only when no other can
 * @param disabled whether it is not to be used until an operator says otherwise, {@code null} if nothing is said
 * @param weight {@code null} if nothing is said
 * @param number by which operators' tools know it, {@code null} if nothing is said
 * @param checkPort where it is checked, {@code null} if nothing is said
 * @param unchecked whether it is not checked although its service is
 * @param track the member that it follows instead of being checked, {@code MEMBER} or {@code SERVICE/MEMBER};
 *     {@code null} if nothing is said
 */
public record EndpointOptions(
        boolean backup,
        @Nullable Boolean disabled,
        @Nullable Integer weight,
        @Nullable Integer number,
        @Nullable Integer checkPort,
        boolean unchecked,
        @Nullable String track) {
    /** Nothing is said. */
    public static final EndpointOptions NONE = new EndpointOptions(false, null, null, null, null, false, null);

    private static final int MAX_PORT = 65_535;

    /** Returns what {@code options} say; of two words on one matter the later counts. */
    public static EndpointOptions parse(String options) {
        if (options.isBlank()) {
            return NONE;
        }
        List<String> words = List.of(options.strip().split("\\s+", -1));
        return new EndpointOptions(
                words.lastIndexOf("backup") > words.lastIndexOf("no-backup"),
                disabled(words),
                number(words, "weight", 0, Endpoint.MAX_WEIGHT),
                number(words, "id", 1, Integer.MAX_VALUE),
                number(words, "port", 1, MAX_PORT),
                words.lastIndexOf("no-check") > words.lastIndexOf("check"),
                track(words));
    }

    private static @Nullable String track(List<String> words) {
        int at = words.subList(0, words.size() - 1).lastIndexOf("track");
        return at < 0 || words.get(at + 1).endsWith("/") ? null : words.get(at + 1);
    }

    private static @Nullable Boolean disabled(List<String> words) {
        int disabled = words.lastIndexOf("disabled");
        int enabled = words.lastIndexOf("enabled");
        return disabled == enabled ? null : Boolean.valueOf(disabled > enabled);
    }

    private static @Nullable Integer number(List<String> words, String option, int least, int most) {
        int at = words.subList(0, words.size() - 1).lastIndexOf(option);
        if (at < 0 || !words.get(at + 1).matches("\\d{1,9}")) {
            return null;
        }
        int number = Integer.parseInt(words.get(at + 1));
        return number < least || number > most ? null : Integer.valueOf(number);
    }
}
