package io.myelin.launcher.process;

/** The data plane cannot take a configuration as a whole. */
public final class AssemblyException extends Exception {
    private static final long serialVersionUID = 1;

    AssemblyException(String message, Throwable cause) {
        super(message, cause);
    }
}
