package io.myelin.admin;

import io.myelin.httpd.Answer;
import io.myelin.httpd.Body;
import java.util.Map;

/** Makes the answers of the admin API. */
final class Reply {
    private Reply() {}

    /** Returns {@code view} as JSON. */
    static Answer json(int status, Object view) {
        return json(status, Body.of(Json.write(view)));
    }

    static Answer json(int status, Body body) {
        return new Answer(status, "application/json", body, Map.of());
    }

    /** Returns an error as JSON; {@code path} is empty where none is known. */
    static Answer error(int status, String message, String path) {
        return json(status, new ErrorView(message, new ErrorView.Detail(status, message, path)));
    }

    static Answer text(String contentType, String body) {
        return text(contentType, Body.of(body));
    }

    static Answer text(String contentType, Body body) {
        return new Answer(200, contentType, body, Map.of());
    }
}
