package io.myelin.launcher.process;

import org.jspecify.annotations.Nullable;

/** The data plane cannot take a configuration as a whole. */
public final class AssemblyException extends Exception {
    private static final long serialVersionUID = 1;

    AssemblyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
