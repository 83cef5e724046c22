package io.myelin.synse;

import io.myelin.httpd.Body;
import java.util.concurrent.CompletionStage;

/** The readings over HTTP, but for those that are streamed. */
final class ReadingRoutes {
    private final ReadingQueries readings;

    ReadingRoutes(ReadingQueries readings) {
        this.readings = readings;
    }

    void addTo(Routes routes) {
        routes.get("/v3/read", this::read)
                .get(ReadCacheHandler.PATH, ReadingRoutes::headOfCache)
                .get("/v3/read/<device_id>", this::readDevice)
                .get("/v3/device/<device_id>", this::readDevice);
    }

    private CompletionStage<Outcome> read(Call call) {
        String namespace = call.one("ns", TagGroups.DEFAULT_NAMESPACE);
        return readings.read(TagGroups.split(namespace, call.all("tags")), call.first("plugin"))
                .thenApply(sum -> Outcome.of(sum.readings(), sum.missing()));
    }

    /** Answers what is not streamed: a request that makes no sense, and one for the head only. */
    private static CompletionStage<Outcome> headOfCache(Call call) {
        Bounds.of(call);
        return Outcome.textNow(ReadCacheHandler.CONTENT_TYPE, Body.EMPTY);
    }

    private CompletionStage<Outcome> readDevice(Call call) {
        return readings.readDevice(call.variable("device_id")).thenApply(Outcome::of);
    }
}
