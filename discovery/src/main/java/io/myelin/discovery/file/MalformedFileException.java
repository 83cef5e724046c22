package io.myelin.discovery.file;

/** What a file or one of its entries holds are no endpoints. */
final class MalformedFileException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedFileException(String message) {
        super(message);
    }

    MalformedFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
