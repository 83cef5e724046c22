package io.myelin.discovery.zookeeper;

/** Says why a znode holds no endpoint. */
final class MalformedZnodeException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedZnodeException(String message) {
        super(message);
    }

    MalformedZnodeException(String message, Throwable cause) {
        super(message, cause);
    }
}
