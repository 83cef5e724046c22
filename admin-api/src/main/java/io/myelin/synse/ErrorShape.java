package io.myelin.synse;

import io.myelin.model.Clock;

/** How the API reports that a request was not served. */
record ErrorShape(int httpCode, String description, String timestamp, String context) {
    static ErrorShape of(ApiException error, Clock clock) {
        return new ErrorShape(error.status(), error.description(), Moments.now(clock), error.context());
    }
}
