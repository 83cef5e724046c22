package io.myelin.admin;

import org.jspecify.annotations.Nullable;

/** A request target that is not a path; the message says so to the client. */
final class MalformedTargetException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedTargetException(String target, @Nullable Throwable cause) {
        super("request target: " + target + " (expected: a path, percent-encoded)", cause);
    }
}
