package io.myelin.admin;

import io.myelin.httpd.Answer;
import io.myelin.model.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything the admin API serves, path by path. */
final class AdminRoutes {
    private static final String SERVICE = "/api/v1/services/";

    private AdminRoutes() {}

    static Router of(ProcessView view, Clock clock) {
        ServiceResource services = new ServiceResource(view, clock);
        ProcessResource process = new ProcessResource(view, clock);
        Answer dashboard = Dashboard.read();
        Map<String, Resource> resources = new LinkedHashMap<>();
        resources.put("/", request -> dashboard);
        resources.put("/api/v1", request -> index(request.authority()));
        resources.put("/api/v1/services", services::all);
        MemberResource members = new MemberResource(view, clock);
        resources.put(
                SERVICE + "{name}",
                request -> MemberResource.names(request.name()) && view.pool(request.name()) == null
                        ? members.one(request)
                        : services.one(request));
        resources.put("/api/v1/listeners", process::listeners);
        resources.put("/api/v1/announcements", process::announcements);
        resources.put("/api/v1/plugins", process::plugins);
        resources.put("/api/v1/process", process::process);
        resources.put("/live", request -> Reply.json(200, Map.of("status", "ok")));
        resources.put("/ready", process::ready);
        resources.put("/test", process::test);
        resources.put("/version", process::version);
        resources.put("/stats", new StatsResource(view));
        resources.put("/;{name}", new StatsResource(view));
        resources.put("/stats;{name}", new StatsResource(view));
        resources.put("/metrics", new MetricsResource(view, clock));
        return new Router(resources, new ReplicaCommands(view)::answer, Map.of(SERVICE, members::change));
    }

    /** Lists the roots of the API as absolute URLs, as Tye does. */
    private static Answer index(String authority) {
        return Reply.json(
                200,
                List.of("announcements", "listeners", "plugins", "process", "services").stream()
                        .map(path -> "http://" + authority + "/api/v1/" + path)
                        .toList());
    }
}
