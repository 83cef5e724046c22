package io.myelin.health.plugin;

import io.grpc.Status;
import io.myelin.health.plugin.PluginCallException.Kind;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a status that ends a call says of the plugin, in words. */
final class StatusWords {
    private static final String[] NOT_VOUCHED = {"unable to find valid certification path", "certificate_verify_failed"
    };
    private static final String[] WRONG_NAME = {"no subject alternative", "no name matching", "hostname"};
    private static final String[] CLIENT_REFUSED = {
        "certificate_required", "handshake_failure", "bad_certificate", "unknown_ca"
    };
    private static final String[] PLAINTEXT = {"first received frame was not settings", "http2 exception"};

    private StatusWords() {}

    static Kind kindOf(Status status) {
        return switch (status.getCode()) {
            case NOT_FOUND -> Kind.NOT_FOUND;
            case INVALID_ARGUMENT -> Kind.INVALID;
            case UNKNOWN -> Kind.FAILED;
            default -> Kind.UNREACHABLE;
        };
    }

    static PluginCallException failure(Status status) {
        return new PluginCallException(kindOf(status), textOf(status));
    }

    /** Returns the status with its reason: the plugin's own words, or what became of the connection. */
    static String textOf(Status status) {
        Kind kind = kindOf(status);
        String description = status.getDescription();
        if (kind != Kind.UNREACHABLE) {
            return description == null ? status.getCode().name() : description;
        }
        Throwable cause = status.getCause();
        String words = cause == null ? description : causeOf(cause);
        return status.getCode() + (words == null || words.isEmpty() ? "" : ": " + words);
    }

    /** Returns the status as it is told to others, who do not hear of its cause. */
    static Status told(Status status) {
        return status.getCause() == null ? status : status.withCause(null).withDescription(causeOf(status.getCause()));
    }

    private static String causeOf(Throwable failure) {
        StringBuilder said = new StringBuilder();
        Throwable deepest = failure;
        for (Throwable one = failure; one != null; one = one.getCause()) {
            said.append(one.getMessage()).append('\n');
            deepest = one;
            if (one instanceof NotSslRecordException) {
                return "the plugin does not speak TLS";
            }
            if (one instanceof ConnectException) {
                return messageOf(one);
            }
            if (one instanceof UnknownHostException) {
                return "no such host: " + one.getMessage();
            }
        }
        String words = tlsWords(said.toString());
        return words == null ? messageOf(deepest) : words + " (" + messageOf(deepest) + ')';
    }

    private static @Nullable String tlsWords(String said) {
        if (has(said, NOT_VOUCHED)) {
            return "nothing trusted vouches for the plugin's certificate";
        }
        if (has(said, WRONG_NAME)) {
            return "the plugin's certificate is for another name";
        }
        if (has(said, CLIENT_REFUSED)) {
            return "the plugin does not accept the client certificate, or the lack of one";
        }
        return has(said, PLAINTEXT) ? "the plugin does not speak HTTP/2 without TLS" : null;
    }

    private static boolean has(String said, String... signs) {
        String lower = said.toLowerCase(Locale.ROOT);
        for (String sign : signs) {
            if (lower.contains(sign)) {
                return true;
            }
        }
        return false;
    }

    private static String messageOf(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
