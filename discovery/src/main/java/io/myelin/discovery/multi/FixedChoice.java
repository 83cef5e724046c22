package io.myelin.discovery.multi;

import java.util.List;

/** The same sources always. */
record FixedChoice(String title, List<ChildState> children) implements Resolver {
    FixedChoice {
        children = List.copyOf(children);
    }

    @Override
    public List<ChildState> serving(long nowNanos) {
        return children;
    }
}
