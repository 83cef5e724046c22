package io.myelin.route;

/**
 * Holds if a parameter of the query passes, as it is written; of several with one name, any will do.
 *
 * @param name of the parameter, in this case
 */
public record ParameterCondition(String name, TextCriterion test) implements Condition {
    @Override
    public boolean holds(RequestView request) {
        CharSequence query = request.query();
        int end;
        for (int from = 0; from < query.length(); from = end + 1) {
            end = end(query, from);
            int value = valueStart(query, from, end);
            if (value >= 0 && test.passes(query.subSequence(value, end))) {
                return true;
            }
        }
        return false;
    }

    private static int end(CharSequence query, int from) {
        int end = from;
        while (end < query.length() && query.charAt(end) != '&') {
            end++;
        }
        return end;
    }

    private int valueStart(CharSequence query, int from, int end) {
        int equals = from + name.length();
        if (equals >= end || query.charAt(equals) != '=') {
            return -1;
        }
        for (int i = 0; i < name.length(); i++) {
            if (query.charAt(from + i) != name.charAt(i)) {
                return -1;
            }
        }
        return equals + 1;
    }
}
