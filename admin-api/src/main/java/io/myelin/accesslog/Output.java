package io.myelin.accesslog;

import java.io.IOException;

/** Something that takes lines. Used by the writer only. */
interface Output extends AutoCloseable {
    /** Whoever knows how to open outputs. */
    @FunctionalInterface
    interface Opener {
        /**
         * Opens an output.
         *
         * @throws IOException if that is not possible, with the reason
         */
        Output open() throws IOException;
    }

    /**
     * Takes a line without its end, perhaps into a buffer.
     *
     * @throws IOException if the line is lost
     */
    void write(String line) throws IOException;

    /** Lets everything taken so far leave; returns how many lines were lost since the last time. */
    default long flush() {
        return 0;
    }

    @Override
    void close();
}
