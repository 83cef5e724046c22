package io.myelin.health;

import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.Expectation.Kind;
import io.myelin.health.CheckConfig.HttpCheck;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Configurations that tests start from. */
final class Checks {
    static final Expectation CONTAINS_OK = new Expectation(Kind.BODY_CONTAINS, false, "OK");

    private Checks() {}

    /** Checks that follow each other closely, with time enough for an answer. */
    static CheckConfig often(int rise, int fall, @Nullable HttpCheck http) {
        Duration interval = Duration.ofMillis(5);
        return CheckConfig.every(interval)
                .with()
                .rise(rise)
                .fall(fall)
                .connectTimeout(Duration.ofSeconds(5))
                .readTimeout(Duration.ofSeconds(5))
                .http(http)
                .build();
    }

    static HttpCheck get(Expectation expectation, String... headers) {
        return new HttpCheck("GET", "/ping", "HTTP/1.0", List.of(headers), expectation);
    }
}
