package io.myelin.route;

/** Holds if what is asked about a client's TLS has an answer, and that passes. */
public record TlsCondition(TlsSample sample, TextCriterion test) implements Condition {
    @Override
    public boolean holds(RequestView request) {
        String text = sample.answer(request.tls());
        return text != null && test.passes(text);
    }
}
