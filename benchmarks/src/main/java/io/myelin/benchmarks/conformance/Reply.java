package io.myelin.benchmarks.conformance;

import java.util.List;

/**
 * What the member does in one exchange, part by part.
 *
 * @param parts at least one
 */
record Reply(List<Part> parts) {
    /** When a part begins. */
    enum Trigger {
        /** At once. */
        CONNECTION,
        /** When the head of a request is there. */
        HEAD,
        /** When the head of a request is there, if it has a field Expect; never otherwise. */
        EXPECTATION,
        /** When a request is there with its body. */
        REQUEST
    }

    /** Some acts and what starts them. */
    record Part(Trigger trigger, List<Act> acts) {}

    /** Returns whether the exchange begins without a request. */
    boolean unasked() {
        return parts.get(0).trigger() == Trigger.CONNECTION;
    }
}
