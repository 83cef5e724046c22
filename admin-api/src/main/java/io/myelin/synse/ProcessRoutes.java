package io.myelin.synse;

import io.myelin.model.Clock;

/** What is asked of the server itself. */
final class ProcessRoutes {
    /** The release of Synse Server whose API this is; clients look at it. */
    static final String SERVER_VERSION = "3.4.2";

    private static final String API_VERSION = "v3";

    private final SynseSettings settings;
    private final Clock clock;

    /** Says that the server answers, which depends on nothing. */
    record Status(String status, String timestamp) {}

    /** Says what the server speaks. */
    record Version(String version, String apiVersion) {}

    ProcessRoutes(SynseSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    void addTo(Routes routes) {
        routes.get("/test", call -> Outcome.now(status()))
                .get("/version", call -> Outcome.now(version()))
                .get("/v3/config", call -> Outcome.now(config()));
    }

    Status status() {
        return new Status("ok", Moments.now(clock));
    }

    Version version() {
        return new Version(SERVER_VERSION, API_VERSION);
    }

    Object config() {
        return settings.effective().get();
    }
}
