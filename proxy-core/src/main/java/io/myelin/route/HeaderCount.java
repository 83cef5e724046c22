package io.myelin.route;

/**
 * Holds if a header field has one of these numbers of values.
 *
 * @param name of the field, in any case
 * @param whole whether lines count, rather than the elements of their lists
 */
public record HeaderCount(String name, boolean whole, Numbers numbers) implements Condition {
    @Override
    public boolean holds(RequestView request) {
        int count = 0;
        for (int field = request.field(name, -1); field >= 0; field = request.field(name, field)) {
            count += whole ? 1 : ListElements.count(request.value(field));
        }
        return numbers.contains(count);
    }
}
