package io.myelin.launcher.process;

import java.io.PrintWriter;

/**
 * Where a command speaks to the person who runs it.
 *
 * @param out what was asked for
 * @param err what went wrong
 */
public record Console(PrintWriter out, PrintWriter err) {
    /** Prints one line at once, so that whoever reads the process's output sees it in time. */
    public void say(String line) {
        out.println(line);
        out.flush();
    }

    /** Prints one line of error at once. */
    public void complain(String line) {
        err.println(line);
        err.flush();
    }
}
