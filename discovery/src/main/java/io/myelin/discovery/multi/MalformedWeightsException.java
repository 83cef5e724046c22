package io.myelin.discovery.multi;

/** What an object holds are not weights of sources. */
final class MalformedWeightsException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedWeightsException(String message) {
        super(message);
    }

    MalformedWeightsException(String message, Throwable cause) {
        super(message, cause);
    }
}
