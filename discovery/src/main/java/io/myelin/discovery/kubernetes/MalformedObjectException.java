package io.myelin.discovery.kubernetes;

/** Says what of an object is not as Kubernetes describes it. */
final class MalformedObjectException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedObjectException(String message) {
        super(message);
    }
}
