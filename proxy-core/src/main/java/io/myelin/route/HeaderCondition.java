package io.myelin.route;

/**
 * Holds if one of the values that a header field has passes.
 *
 * @param name of the field, in any case
 * @param whole whether a value is that of a whole line, rather than one element of its list
 */
public record HeaderCondition(String name, boolean whole, TextCriterion test) implements Condition {
    @Override
    public boolean holds(RequestView request) {
        for (int field = request.field(name, -1); field >= 0; field = request.field(name, field)) {
            CharSequence value = request.value(field);
            if (whole ? test.passes(value) : ListElements.anyPasses(value, test)) {
                return true;
            }
        }
        return false;
    }
}
