package io.myelin.benchmarks.conformance;

/**
 * One thing that the client or the member of a case does.
 *
 * @param text what is sent or waited for, one character a byte; empty for kinds that need none
 * @param number how many bytes a piece has, or how many responses are waited for; 0 for kinds that need none
 */
record Act(Kind kind, String text, int number) {
    enum Kind {
        /** Sends the text in one write, or in pieces with a moment between them. */
        SEND,
        /** Lets what was sent arrive on its own. */
        PAUSE,
        /** Waits for so many responses in all, interim ones included. */
        AWAIT_RESPONSES,
        /** Waits until the text has arrived. */
        AWAIT_TEXT,
        /** Waits until the member has done all that the case says, and what it sent has arrived. */
        AWAIT_MEMBER,
        END_OUTPUT,
        CLOSE,
        RESET,
        /** Does nothing until the case is over. */
        HOLD
    }

    static Act of(Kind kind) {
        return new Act(kind, "", 0);
    }
}
