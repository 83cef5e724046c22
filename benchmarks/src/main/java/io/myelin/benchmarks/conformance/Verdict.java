package io.myelin.benchmarks.conformance;

import java.util.Comparator;
import java.util.List;

/**
 * What is to be said of a proxy in one case.
 *
 * @param reason empty if it passed
 */
record Verdict(Grade grade, String reason) {
    static final Verdict PASS = new Verdict(Grade.PASS, "");

    /** From good to bad. */
    enum Grade {
        /** As expected. */
        PASS,
        /** Otherwise than expected, within what the specification allows or without harm to anybody. */
        DIFFERS,
        /** Against the specification. */
        FAIL,
        /** A member, or the client, can be made to see a message that nobody sent it. */
        UNSAFE
    }

    static Verdict differs(String reason) {
        return new Verdict(Grade.DIFFERS, reason);
    }

    static Verdict fail(String reason) {
        return new Verdict(Grade.FAIL, reason);
    }

    static Verdict unsafe(String reason) {
        return new Verdict(Grade.UNSAFE, reason);
    }

    /** Returns the worst, and of equally bad ones the first. */
    static Verdict worst(List<Verdict> verdicts) {
        Verdict worst = PASS;
        for (Verdict verdict : verdicts) {
            if (Comparator.comparing(Verdict::grade).compare(verdict, worst) > 0) {
                worst = verdict;
            }
        }
        return worst;
    }

    @Override
    public String toString() {
        return grade + (reason.isEmpty() ? "" : ": " + reason);
    }
}
