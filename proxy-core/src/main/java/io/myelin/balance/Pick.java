package io.myelin.balance;

/** One request for a member, as the exchange or tunnel that needs it describes itself. Event loop only. */
@FunctionalInterface
public interface Pick {
    /** A pick with nothing to exclude. */
    Pick ANY = member -> false;

    /**
     * Returns whether {@code member} must not be chosen, because an earlier attempt of the same exchange failed there.
     */
    boolean excludes(Member member);

    /** Returns whether the request has what {@link HashConfig#key()} names; without it, members take turns. */
    default boolean hasKey() {
        return false;
    }

    /** Returns a {@link KeyHash} of it; meaningless unless {@link #hasKey()}. */
    default int key() {
        return 0;
    }
}
