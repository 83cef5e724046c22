package io.myelin.balance;

/**
 * How requests with one key come to one member.
 *
 * @param key the part of a request that is its key
 * @param name the header or query parameter that {@code key} speaks of; empty for the other keys
 * @param layout how keys are laid out over the members
 * @param balanceFactor the most in flight that a member may have before a key goes to the next one, in per cent of the
 *     average for its weight: 0 for no limit, else at least 100 (HAProxy's {@code hash-balance-factor})
 */
public record HashConfig(KeySource key, String name, Layout layout, int balanceFactor) {
    /** By the client's address, laid out as HAProxy does unless told otherwise. */
    public static final HashConfig DEFAULT = new HashConfig(KeySource.SOURCE, "", Layout.MAP_BASED, 0);

    /** The parts of a request that can be its key; names in brackets are HAProxy's {@code balance} arguments. */
    public enum KeySource {
        /** The address of the client, without its port ({@code source}). */
        SOURCE,
        /** The path without the query ({@code uri}). */
        PATH,
        /** The path and the query ({@code uri whole}). */
        PATH_AND_QUERY,
        /** The first value of a header ({@code hdr(name)}). */
        HEADER,
        /** The first value of a parameter of the query ({@code url_param name}). */
        QUERY_PARAMETER;

        /** Returns whether the key is one of several of its kind, so that it needs a name. */
        public boolean named() {
            return this == HEADER || this == QUERY_PARAMETER;
        }
    }

    /** The ways to lay out keys; names in brackets are HAProxy's {@code hash-type} arguments. */
    public enum Layout {
        /** In proportion to the weights, exactly; most keys move when a member comes or goes ({@code map-based}). */
        MAP_BASED,
        /** On a ring, so that only the keys of a member that goes move ({@code consistent}). */
        CONSISTENT,
        /** In a Maglev table: nearly as even as a map, nearly as stable as a ring, and quickest to look up. */
        MAGLEV
    }

    public HashConfig {
        if (key.named() == name.isBlank()) {
            throw new IllegalArgumentException("hash key name: '" + name + "' (expected: "
                    + (key.named() ? "the name of the " : "none for ") + key + ")");
        }
        if (balanceFactor != 0 && (balanceFactor < 100 || balanceFactor > 65_535)) {
            throw new IllegalArgumentException(
                    "hash_balance_factor: " + balanceFactor + " (expected: 0 or 100..65535)");
        }
    }
}
