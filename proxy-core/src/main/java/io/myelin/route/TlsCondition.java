package io.myelin.route;

/**
 * Holds if the client speaks TLS and something about it passes.
 *
 * @param attribute of a name, such as {@code CN}; empty for all of it
 */
public record TlsCondition(TlsFact fact, String attribute, TextCriterion test) implements Condition {
    @Override
    public boolean holds(RequestView request) {
        CharSequence text = request.tls(fact, attribute);
        return text != null && test.passes(text);
    }
}
