package io.myelin.balance;

import java.util.List;

/**
 * A balancing policy: builds the picker of each new pool snapshot. Called on the control thread only; one instance
 * belongs to one pool, so that what it remembers (whose turn it is) survives from snapshot to snapshot.
 */
@FunctionalInterface
public interface Balancer {
    /** Returns a picker over {@code eligible}, each of which has a weight of at least 1. */
    Picker pickerFor(List<Member> eligible);
}
