package io.myelin.route;

import java.util.List;

/** A yes-or-no question about a request. Immutable; asked by every event loop. */
public interface Condition {
    /** Holds for every request. */
    Condition ALWAYS = new All(List.of());

    /** Holds for none. */
    Condition NEVER = new Any(List.of());

    boolean holds(RequestView request);

    /** Holds if all of {@code conditions} do. */
    record All(List<Condition> conditions) implements Condition {
        public All {
            conditions = List.copyOf(conditions);
        }

        @Override
        public boolean holds(RequestView request) {
            for (int i = 0; i < conditions.size(); i++) {
                if (!conditions.get(i).holds(request)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Holds if any of {@code conditions} does. */
    record Any(List<Condition> conditions) implements Condition {
        public Any {
            conditions = List.copyOf(conditions);
        }

        @Override
        public boolean holds(RequestView request) {
            for (int i = 0; i < conditions.size(); i++) {
                if (conditions.get(i).holds(request)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Holds if {@code condition} does not. */
    record Not(Condition condition) implements Condition {
        @Override
        public boolean holds(RequestView request) {
            return !condition.holds(request);
        }
    }

    /** Holds if the part of the request matches one of the texts. */
    record Text(Part part, Match match, boolean ignoreCase, List<String> texts) implements Condition {
        public Text {
            texts = texts.stream().map(match::prepare).toList();
        }

        @Override
        public boolean holds(RequestView request) {
            CharSequence value = part.of(request);
            int end = part.end(value);
            for (int i = 0; i < texts.size(); i++) {
                if (match.test(value, end, texts.get(i), ignoreCase)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** The part of a request that a text is compared with. */
    enum Part {
        /** The authority as written, port included. */
        HOST {
            @Override
            CharSequence of(RequestView request) {
                return request.host();
            }
        },
        /** The authority without its port. */
        HOST_NAME {
            @Override
            CharSequence of(RequestView request) {
                return request.host();
            }

            @Override
            int end(CharSequence host) {
                return RequestView.endOfName(host);
            }
        },
        /** The path without the query. */
        PATH {
            @Override
            CharSequence of(RequestView request) {
                return request.path();
            }
        },
        METHOD {
            @Override
            CharSequence of(RequestView request) {
                return request.method();
            }
        },
        /** What follows the question mark. */
        QUERY {
            @Override
            CharSequence of(RequestView request) {
                return request.query();
            }
        },
        /** Path and query. */
        TARGET {
            @Override
            CharSequence of(RequestView request) {
                return request.target();
            }
        };

        /** Returns the text that the part begins. */
        abstract CharSequence of(RequestView request);

        /** Returns how many characters of that text are the part. */
        int end(CharSequence text) {
            return text.length();
        }
    }
}
