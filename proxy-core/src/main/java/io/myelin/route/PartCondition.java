package io.myelin.route;

import io.myelin.route.Condition.Part;

/** Holds if the part of the request passes. */
public record PartCondition(Part part, TextCriterion test) implements Condition {
    @Override
    public boolean holds(RequestView request) {
        CharSequence text = part.of(request);
        int end = part.end(text);
        return test.passes(end == text.length() ? text : text.subSequence(0, end));
    }
}
