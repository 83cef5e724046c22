package io.myelin.synse;

import io.myelin.health.plugin.PluginCallException;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request that is not served, in the words that its client reads. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(ApiException.class);

    private final int status;
    private final String description;

    private ApiException(int status, String description, String context) {
        super(context, null, false, false);
        this.status = status;
        this.description = description;
    }

    static ApiException invalid(String context) {
        return new ApiException(400, "invalid user input", context);
    }

    static ApiException notFound(String context) {
        return new ApiException(404, "resource not found", context);
    }

    static ApiException unsupported(String context) {
        return new ApiException(405, "device action not supported", context);
    }

    static ApiException wrongMethod(String context) {
        return new ApiException(405, "method not allowed", context);
    }

    static ApiException failed(String context) {
        return new ApiException(500, "error processing the request", context);
    }

    /** Returns an error of the client in words of its own. */
    static ApiException described(String description, String context) {
        return new ApiException(400, description, context);
    }

    /** Returns the error with {@code status} in the words that belong to it. */
    static ApiException of(int status, String context) {
        return switch (status) {
            case 404 -> notFound(context);
            case 405 -> wrongMethod(context);
            case 500 -> new ApiException(500, "an unexpected error occurred", context);
            default ->
                status < 500
                        ? new ApiException(status, "invalid user input", context)
                        : new ApiException(status, "error processing the request", context);
        };
    }

    /** Returns what a client is told of {@code failure}; a defect is logged here. */
    static ApiException of(Throwable failure, String request) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ApiException known) {
            return known;
        }
        if (cause instanceof PluginCallException call) {
            return of(call);
        }
        log.error("A request failed: request={}", request, cause);
        return of(500, "internal error, see the log");
    }

    private static ApiException of(PluginCallException call) {
        String context = String.valueOf(call.getMessage());
        return switch (call.kind()) {
            case NOT_FOUND -> notFound(context);
            case INVALID -> invalid(context);
            case FAILED, UNREACHABLE -> failed(context);
        };
    }

    int status() {
        return status;
    }

    String description() {
        return description;
    }

    /** Returns what was wrong with this request in particular. */
    String context() {
        return String.valueOf(getMessage());
    }
}
