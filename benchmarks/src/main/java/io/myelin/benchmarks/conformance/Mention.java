package io.myelin.benchmarks.conformance;

import java.util.Locale;

/**
 * Whether some text arrives at one end, in any case.
 *
 * @param wanted whether it must, or must not
 */
record Mention(Side side, boolean wanted, String text) implements Check {
    enum Side {
        CLIENT,
        MEMBER
    }

    @Override
    public Verdict of(Observation seen) {
        String arrived = side == Side.CLIENT ? seen.received() : String.join("", seen.streams());
        boolean there = arrived.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
        return there == wanted
                ? Verdict.PASS
                : Verdict.fail("the " + side.name().toLowerCase(Locale.ROOT) + (there ? " got " : " did not get ")
                        + Escapes.encode(text));
    }
}
