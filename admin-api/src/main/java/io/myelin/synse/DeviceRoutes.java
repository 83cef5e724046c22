package io.myelin.synse;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** The devices over HTTP. */
final class DeviceRoutes {
    private final DeviceQueries devices;

    DeviceRoutes(DeviceQueries devices) {
        this.devices = devices;
    }

    void addTo(Routes routes) {
        routes.get("/v3/scan", this::scan)
                .get("/v3/device", this::scan)
                .get("/v3/tags", this::tags)
                .get(
                        "/v3/info/<device_id>",
                        call -> devices.one(call.variable("device_id")).thenApply(Outcome::of));
    }

    private CompletionStage<Outcome> scan(Call call) {
        String namespace = call.one("ns", TagGroups.DEFAULT_NAMESPACE);
        String sort = call.one("sort", DeviceQueries.DEFAULT_SORT);
        return devices.scan(TagGroups.split(namespace, call.all("tags")), sort, call.flag("force"))
                .thenApply(Outcome::of);
    }

    private CompletionStage<Outcome> tags(Call call) {
        List<String> namespaces = call.all("ns").stream()
                .flatMap(given -> Stream.of(given.split(",", -1)))
                .map(String::strip)
                .filter(namespace -> !namespace.isEmpty())
                .toList();
        return devices.tags(namespaces, call.flag("ids")).thenApply(Outcome::of);
    }
}
