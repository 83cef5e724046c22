package io.myelin.benchmarks.conformance;

import io.myelin.benchmarks.conformance.Transcript.End;
import java.util.List;

/**
 * Which responses a client gets, and what then becomes of its connection.
 *
 * @param statuses in order, interim ones included; each some alternatives with {@code |} between them, and a question
 *     mark behind one that need not come
 * @param other what would be harmless as well, with {@code |} between alternatives: a single status, or {@code nothing}
 */
record Answers(List<String> statuses, Ending ending, String other) implements Check {
    private static final String NOTHING = "nothing";

    /** What becomes of the client's connection. */
    enum Ending {
        OPEN,
        CLOSED,
        /** Ended before the last response was complete. */
        CUT,
        ANY
    }

    @Override
    public boolean wantsOpen() {
        return ending == Ending.OPEN;
    }

    @Override
    public int responses() {
        boolean waitsForEnd = ending == Ending.CLOSED || ending == Ending.CUT;
        return waitsForEnd
                ? 0
                : (int) statuses.stream().filter(status -> !isInterim(status)).count();
    }

    private static boolean isInterim(String status) {
        return status.startsWith("1") && !status.startsWith("101");
    }

    @Override
    public Verdict of(Observation seen) {
        ResponseReader.Reading answers = seen.answers();
        List<String> got =
                answers.responses().stream().map(ReadResponse::statusText).toList();
        boolean tunnel = got.contains("101");
        if (!tunnel && !answers.rest().isEmpty()) {
            return Verdict.fail("the client got something that is no response: " + Escapes.encode(answers.rest()));
        }
        if (!fits(statuses, got)) {
            return mismatch(got, seen);
        }
        return switch (ending) {
            case OPEN -> seen.serves() ? Verdict.PASS : Verdict.differs("closed the client's connection");
            case CLOSED -> seen.end() == End.NONE ? Verdict.fail("left the client's connection open") : Verdict.PASS;
            case CUT -> seen.end() == End.NONE ? Verdict.fail("let the client wait") : Verdict.PASS;
            case ANY -> Verdict.PASS;
        };
    }

    @Override
    public boolean settles(Observation seen) {
        return isOther(seen.answers().responses().stream()
                .map(ReadResponse::statusText)
                .toList());
    }

    private boolean isOther(List<String> got) {
        String only = got.isEmpty() ? NOTHING : got.get(0);
        return got.size() <= 1 && List.of(other.split("\\|", -1)).contains(only);
    }

    private Verdict mismatch(List<String> got, Observation seen) {
        String reason = "the client got " + (got.isEmpty() ? "nothing" : got) + " rather than " + statuses
                + (ending == Ending.CUT ? " cut" : "");
        if (isOther(got)) {
            return Verdict.differs("answered with " + (got.isEmpty() ? NOTHING : got.get(0)));
        }
        boolean bothFail = got.size() == statuses.size()
                && seen.end() != End.NONE == (ending == Ending.CLOSED)
                && blameOf(got) >= '4'
                && blameOf(got) == blameOf(statuses);
        return bothFail ? Verdict.differs(reason) : Verdict.fail(reason);
    }

    private static char blameOf(List<String> answers) {
        return answers.isEmpty() ? '0' : answers.get(answers.size() - 1).charAt(0);
    }

    private boolean fits(List<String> wanted, List<String> got) {
        if (wanted.isEmpty()) {
            return got.isEmpty();
        }
        String first = wanted.get(0);
        List<String> rest = wanted.subList(1, wanted.size());
        if (first.endsWith("?") && fits(rest, got)) {
            return true;
        }
        boolean cut = ending == Ending.CUT && rest.isEmpty();
        return !got.isEmpty()
                && List.of(first.replace("?", "").split("\\|", -1))
                        .contains(got.get(0).replace(" cut", ""))
                && got.get(0).endsWith(" cut") == cut
                && fits(rest, got.subList(1, got.size()));
    }
}
