package io.myelin.benchmarks.conformance;

import java.util.List;

/**
 * A request that must reach the member.
 *
 * @param number which of those that reached it, counting from 1
 * @param expected all of it
 * @param exactly whether every byte counts, or the meaning
 */
record MemberSaw(int number, String expected, boolean exactly) implements Check {
    @Override
    public Verdict of(Observation seen) {
        List<ReadRequest> requests = seen.requests();
        if (requests.size() < number) {
            return Verdict.fail("request " + number + " did not reach the member");
        }
        ReadRequest got = requests.get(number - 1);
        if (got.text().equals(expected)) {
            return Verdict.PASS;
        }
        String difference =
                difference(RequestReader.PLAIN.read(expected).requests().get(0), got);
        if (!difference.isEmpty()) {
            return Verdict.fail("the member saw " + difference);
        }
        return exactly ? Verdict.differs("the member saw other bytes of the same meaning") : Verdict.PASS;
    }

    private static String difference(ReadRequest wanted, ReadRequest got) {
        if (!wanted.method().equals(got.method()) || !wanted.target().equals(got.target())) {
            return Escapes.encode(got.method() + " " + got.target()) + " rather than "
                    + Escapes.encode(wanted.method() + " " + wanted.target());
        }
        String body = got.body();
        if (!(wanted.body() + "").equals(body + "")) {
            return "another body";
        }
        return Semantics.difference(wanted.fields(), got.fields());
    }
}
