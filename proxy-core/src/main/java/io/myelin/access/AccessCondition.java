package io.myelin.access;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When an {@link AccessRule} applies. Immutable.
 *
 * @param alternatives of which one must hold; one holds if all of its terms do
 */
public record AccessCondition(List<List<Term>> alternatives) {
    /** Holds for every client. */
    public static final AccessCondition ALWAYS = new AccessCondition(List.of(List.of()));

    public AccessCondition {
        alternatives = alternatives.stream().map(List::copyOf).toList();
    }

    /** Returns the condition that holds for clients in any of {@code ranges}. */
    public static AccessCondition from(List<AddressRange> ranges) {
        return new AccessCondition(List.of(List.of(new Term(Kind.SOURCE, false, ranges))));
    }

    /** Returns the condition that holds once the delay of its rules is over. */
    public static AccessCondition afterDelay() {
        return new AccessCondition(List.of(List.of(new Term(Kind.DELAY_OVER, false, List.of()))));
    }

    /** What a term asks. */
    public enum Kind {
        /** Nothing: it holds. */
        TRUE,
        /** Whether the client's address is in one of the ranges; a client without an IP address is in none. */
        SOURCE,
        /** Whether the delay of the rules is over; until it is, nobody knows. */
        DELAY_OVER
    }

    /** What is known of a condition. */
    enum Answer {
        YES,
        NO,
        /** It has to be asked again once the delay is over. */
        NOT_YET
    }

    /**
     * One question.
     *
     * @param negated whether the answer must be no
     * @param ranges of {@link Kind#SOURCE}
     */
    public record Term(Kind kind, boolean negated, List<AddressRange> ranges) {
        public Term {
            ranges = List.copyOf(ranges);
        }

        private Answer ask(@Nullable InetAddress client, boolean delayOver) {
            boolean holds = switch (kind) {
                case TRUE -> true;
                case SOURCE -> client != null && contains(client);
                case DELAY_OVER -> delayOver;
            };
            if (kind == Kind.DELAY_OVER && !delayOver) {
                return Answer.NOT_YET;
            }
            return holds != negated ? Answer.YES : Answer.NO;
        }

        private boolean contains(InetAddress client) {
            for (int i = 0; i < ranges.size(); i++) {
                if (ranges.get(i).contains(client)) {
                    return true;
                }
            }
            return false;
        }
    }

    Answer ask(@Nullable InetAddress client, boolean delayOver) {
        Answer best = Answer.NO;
        for (int i = 0; i < alternatives.size(); i++) {
            Answer answer = askAll(alternatives.get(i), client, delayOver);
            if (answer == Answer.YES) {
                return answer;
            }
            if (answer == Answer.NOT_YET) {
                best = answer;
            }
        }
        return best;
    }

    private static Answer askAll(List<Term> terms, @Nullable InetAddress client, boolean delayOver) {
        Answer worst = Answer.YES;
        for (int i = 0; i < terms.size(); i++) {
            Answer answer = terms.get(i).ask(client, delayOver);
            if (answer == Answer.NO) {
                return answer;
            }
            if (answer == Answer.NOT_YET) {
                worst = answer;
            }
        }
        return worst;
    }
}
