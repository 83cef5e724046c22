package io.myelin.admin;

/** A body does not say what an operator wants of a member. */
final class MalformedWishException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedWishException(String finding, String expected) {
        super(finding + " (expected: " + expected + ")");
    }
}
