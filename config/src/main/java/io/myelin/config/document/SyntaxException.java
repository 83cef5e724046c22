package io.myelin.config.document;

/** A text that is not of the language it is read in. */
final class SyntaxException extends Exception {
    private final transient Place place;
    private final String expected;

    SyntaxException(Place place, String message, String expected) {
        super(message, null, false, false);
        this.place = place;
        this.expected = expected;
    }

    Place place() {
        return place;
    }

    String expected() {
        return expected;
    }

    String reason() {
        String message = getMessage();
        return message == null ? "malformed" : message;
    }

    /** Returns whether more lines were understood than before {@code other}. */
    boolean gotFurtherThan(SyntaxException other) {
        return place.line() > other.place.line();
    }
}
