package io.myelin.benchmarks.conformance;

import java.util.List;

/**
 * A response that the client must get.
 *
 * @param number which of those that it got, interim ones included, counting from 1
 * @param expected all of it
 * @param exactly whether every byte counts, or the meaning
 */
record ClientGot(int number, String expected, boolean exactly) implements Check {
    @Override
    public Verdict of(Observation seen) {
        List<ReadResponse> responses = seen.answers().responses();
        if (responses.size() < number) {
            return Verdict.fail("the client did not get response " + number);
        }
        ReadResponse got = responses.get(number - 1);
        if (got.text().equals(expected)) {
            return Verdict.PASS;
        }
        List<ReadResponse> read = ResponseReader.read(expected, List.of(), true).responses();
        if (read.isEmpty()) {
            throw new IllegalArgumentException("not a response: " + Escapes.encode(expected));
        }
        ReadResponse wanted = read.get(0);
        String difference = wanted.status() != got.status()
                ? got.status() + " rather than " + wanted.status()
                : wanted.body().equals(got.body())
                        ? Semantics.difference(wanted.fields(), got.fields())
                        : "the body " + Escapes.encode(got.body());
        if (!difference.isEmpty()) {
            return Verdict.fail("the client got " + difference);
        }
        return exactly ? Verdict.differs("the client got other bytes of the same meaning") : Verdict.PASS;
    }
}
