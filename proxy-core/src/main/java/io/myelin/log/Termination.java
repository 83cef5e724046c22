package io.myelin.log;

import io.myelin.failure.Failure;
import org.jspecify.annotations.Nullable;

/** How a request or tunnel ended, in the two characters of HAProxy's manual, section 8.5. */
final class Termination {
    /** What was going on. */
    enum Phase {
        REQUEST('R'),
        QUEUE('Q'),
        CONNECT('C'),
        HEADERS('H'),
        DATA('D');

        private final char letter;

        Phase(char letter) {
            this.letter = letter;
        }
    }

    private Termination() {}

    /**
     * Returns the two characters.
     *
     * @param silence whether a member's silence ended it
     * @param violation whether a broken rule did
     */
    static String of(@Nullable Failure failure, Phase phase, boolean silence, boolean violation) {
        if (failure == null) {
            return "--";
        }
        return switch (failure) {
            case NO_ROUTE,
                    NO_MEMBER,
                    CONNECT_FAILED,
                    TLS_FAILED,
                    TLS_UNTRUSTED,
                    TLS_WRONG_NAME,
                    TLS_EXPIRED,
                    TLS_REVOKED -> "SC";
            case CONNECT_TIMEOUT, TLS_TIMEOUT -> "sC";
            case QUEUE_FULL -> "PQ";
            default -> "" + cause(failure, silence, violation) + phase.letter;
        };
    }

    private static char cause(Failure failure, boolean silence, boolean violation) {
        return switch (failure) {
            case RESPONSE_TIMEOUT, QUEUE_TIMEOUT -> 's';
            case REQUEST_TIMEOUT, CLIENT_TIMEOUT -> 'c';
            case CLIENT_GONE -> 'C';
            case PROXY_STOPPED -> 'K';
            case SESSION_ENDED -> 'D';
            case RESPONSE_TRUNCATED -> silence ? 's' : violation ? 'P' : 'S';
            case UPSTREAM_CLOSED -> 'S';
            default -> 'P';
        };
    }
}
