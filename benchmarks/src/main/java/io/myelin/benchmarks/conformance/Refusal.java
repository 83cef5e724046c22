package io.myelin.benchmarks.conformance;

import io.myelin.benchmarks.conformance.Transcript.End;
import java.util.List;

/**
 * The first request is refused, the connection ends, and no member gets a complete request.
 *
 * @param status of the answer; {@code any} if there may be none
 * @param leeway what else the specification allows
 */
record Refusal(String status, Leeway leeway) implements Check {
    private static final String ANY = "any";

    /** What a proxy may do instead of refusing. */
    enum Leeway {
        NONE,
        /** Send on something that has one meaning only. */
        REPAIR,
        /** Send it on as it is, as far as all servers agree about what it is. */
        TOLERATE,
        /** Repair, if nothing else is served on the connection. */
        REPAIR_AND_CLOSE
    }

    @Override
    public Verdict of(Observation seen) {
        List<ReadResponse> answers = seen.answers().finals();
        int reached = seen.completeRequests().size();
        if (reached > 0) {
            return accepted(seen, answers, reached);
        }
        if (answers.isEmpty()) {
            return silent(seen);
        }
        String got = answers.get(0).statusText();
        if (answers.size() > 1 || answers.get(0).status() < 400) {
            return Verdict.fail("the client got " + got + " though no member did");
        }
        if (seen.end() == End.NONE) {
            return Verdict.differs("refused, but left the connection open");
        }
        return got.equals(status) || status.equals(ANY) ? Verdict.PASS : Verdict.differs("refused with " + got);
    }

    private Verdict silent(Observation seen) {
        if (seen.end() == End.NONE) {
            return Verdict.fail("neither answered nor closed");
        }
        return status.equals(ANY) ? Verdict.PASS : Verdict.differs("closed without an answer");
    }

    private Verdict accepted(Observation seen, List<ReadResponse> answers, int reached) {
        String members = reached + " request" + (reached == 1 ? "" : "s") + " reached the member";
        long served = answers.stream().filter(answer -> answer.status() < 300).count();
        boolean repaired = served == reached && seen.streams().stream().allMatch(Refusal::strict);
        boolean allowed = switch (leeway) {
            case NONE -> false;
            case REPAIR -> repaired;
            case TOLERATE -> served == reached;
            case REPAIR_AND_CLOSE -> repaired && reached == 1;
        };
        return allowed
                ? Verdict.differs(repaired ? "accepted and repaired" : "accepted")
                : Verdict.fail("accepted: " + members + (repaired ? "" : ", not in a proper form"));
    }

    private static boolean strict(String stream) {
        return !RequestReader.STRICT.read(stream).broken();
    }
}
