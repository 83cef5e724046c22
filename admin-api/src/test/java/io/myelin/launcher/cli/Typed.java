package io.myelin.launcher.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** A command line that was executed, and what came of it. */
record Typed(int exitCode, String out, String err) {
    static Typed of(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = MyelinCommand.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        int code = line.execute(words);
        return new Typed(code, out.toString(), err.toString());
    }
}
