package io.myelin.runtime;

import io.myelin.httpd.Body;

/**
 * What a command came to.
 *
 * @param text lines, each with its end; empty if there is nothing to say
 * @param changes whether it takes effect on the control thread, which is to be waited for
 */
record Answer(Body text, boolean changes) {
    /** Something was changed, and there is nothing to say of it. */
    static final Answer CHANGED = new Answer(Body.EMPTY, true);

    static Answer of(String text) {
        return of(Body.of(text));
    }

    static Answer of(Body text) {
        return new Answer(text, false);
    }

    /** Returns the answer that is one line. */
    static Answer line(String line) {
        return of(line + "\n");
    }
}
