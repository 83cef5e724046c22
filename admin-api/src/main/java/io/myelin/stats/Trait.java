package io.myelin.stats;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.google.errorprone.annotations.Immutable;

/**
 * What kind of value HAProxy says that a value is (HAProxy's management guide, section 9.2).
 *
 * @param tag three letters: where it comes from, what it means, and what it is about
 * @param type {@code u32}, {@code s32}, {@code u64} or {@code str}
 */
@Immutable
public record Trait(String tag, String type) {
    static final Trait STANDING = of("SGP:u32");

    /** Reads the two with a colon between them. */
    public static Trait of(String text) {
        int colon = text.indexOf(':');
        return new Trait(text.substring(0, colon), text.substring(colon + 1));
    }

    /** Returns the end of a line of typed output. */
    public String typed(String value) {
        return "1:" + tag + ":" + type + ":" + value.replaceAll("[\r\n]", " ");
    }

    /** Returns the members of a JSON object that tell of a value, from its field on. */
    public String json(int position, String name, String value) {
        return "\"field\":{\"pos\":" + position + ",\"name\":\"" + name
                + "\"},\"processNum\":1,\"tags\":{\"origin\":\"" + origin() + "\",\"nature\":\"" + nature()
                + "\",\"scope\":\"" + scope() + "\"},\"value\":{\"type\":\"" + type + "\",\"value\":" + literal(value)
                + "}";
    }

    private String literal(String value) {
        return type.equals("str")
                ? '"' + new String(JsonStringEncoder.getInstance().quoteAsString(value)) + '"'
                : value;
    }

    private String origin() {
        return switch (tag.charAt(0)) {
            case 'M' -> "Metric";
            case 'S' -> "Status";
            case 'K' -> "Key";
            case 'C' -> "Config";
            case 'P' -> "Product";
            default -> "Unknown";
        };
    }

    private String nature() {
        return switch (tag.charAt(1)) {
            case 'G' -> "Gauge";
            case 'L' -> "Limit";
            case 'M' -> "Max";
            case 'R' -> "Rate";
            case 'C' -> "Counter";
            case 'D' -> "Duration";
            case 'A' -> "Age";
            case 'N' -> "Name";
            case 'O' -> "Output";
            case 'a' -> "Avg";
            default -> "Unknown";
        };
    }

    private String scope() {
        return switch (tag.charAt(2)) {
            case 'P' -> "Process";
            case 'S' -> "Service";
            default -> "Unknown";
        };
    }
}
