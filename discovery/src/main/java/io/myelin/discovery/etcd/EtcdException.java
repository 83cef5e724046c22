package io.myelin.discovery.etcd;

/** etcd answered, and not as was asked for. */
final class EtcdException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    EtcdException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Returns the HTTP status. */
    int status() {
        return status;
    }
}
