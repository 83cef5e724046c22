package io.myelin.launcher.process;

import java.util.List;

/** The process cannot start. */
public final class StartException extends Exception {
    /** Whose fault it is. */
    public enum Reason {
        /** Nothing in the files can be used. */
        CONFIGURATION,
        /** The machine refused something. */
        SURROUNDINGS
    }

    private static final long serialVersionUID = 1;

    private final Reason reason;

    StartException(Reason reason, List<String> lines) {
        super(String.join(System.lineSeparator(), lines));
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
