package io.myelin.admin;

import java.util.Map;

/**
 * The answer to one admin request.
 *
 * @param headers further headers
 */
record Reply(int status, String contentType, String body, Map<String, String> headers) {
    Reply {
        headers = Map.copyOf(headers);
    }

    /** Returns {@code view} as JSON. */
    static Reply json(int status, Object view) {
        return new Reply(status, "application/json", Json.write(view), Map.of());
    }

    /** Returns an error as JSON; {@code path} is empty where none is known. */
    static Reply error(int status, String message, String path) {
        return json(status, new ErrorView(message, new ErrorView.Detail(status, message, path)));
    }

    static Reply text(String contentType, String body) {
        return new Reply(200, contentType, body, Map.of());
    }

    Reply withHeaders(Map<String, String> newHeaders) {
        return new Reply(status, contentType, body, newHeaders);
    }
}
