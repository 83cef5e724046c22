package io.myelin.runtime;

/**
 * What a command came to.
 *
 * @param text lines, each with its end; empty if there is nothing to say
 * @param changes whether it takes effect on the control thread, which is to be waited for
 */
record Answer(String text, boolean changes) {
    /** Something was changed, and there is nothing to say of it. */
    static final Answer CHANGED = new Answer("", true);

    static Answer of(String text) {
        return new Answer(text, false);
    }

    /** Returns the answer that is one line. */
    static Answer line(String line) {
        return of(line + "\n");
    }
}
