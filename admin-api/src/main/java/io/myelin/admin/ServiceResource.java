package io.myelin.admin;

import io.myelin.httpd.Answer;
import io.myelin.model.Clock;
import io.myelin.pool.Pool;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The services: those that a pool serves and those whose configuration is broken. */
final class ServiceResource {
    private final ProcessView view;
    private final Clock clock;

    ServiceResource(ProcessView view, Clock clock) {
        this.view = view;
        this.clock = clock;
    }

    /** Lists all services by name. */
    Answer all(AdminRequest request) {
        ProcessReading process = ProcessReading.of(view, clock);
        Map<String, Supplier<ServiceView>> byName = new TreeMap<>();
        process.orchestrated().forEach((name, view) -> byName.put(name, () -> ServiceView.unreached(name, view)));
        process.broken()
                .forEach(service -> byName.put(service.name(), () -> ServiceView.broken(service.name(), process)));
        view.pools().forEach(pool -> byName.put(pool.name(), () -> ServiceView.of(PoolReading.of(pool), process)));
        return Reply.json(
                200, Json.list(byName.values().stream().map(Supplier::get).iterator()));
    }

    /** Tells everything about the service that the request names. */
    Answer one(AdminRequest request) {
        String name = request.name();
        ProcessReading process = ProcessReading.of(view, clock);
        Pool pool = view.pool(name);
        if (pool != null) {
            return Reply.json(
                    200,
                    ServiceDetail.of(
                            PoolReading.of(pool),
                            process,
                            view.checks(name),
                            view.memberTls(),
                            ProbedInstance.ofPool(name, view.probed())));
        }
        OrchestratedView orchestrated = process.orchestrated().get(name);
        if (orchestrated != null && !process.isBroken(name)) {
            return Reply.json(200, ServiceDetail.broken(ServiceView.unreached(name, orchestrated)));
        }
        return process.isBroken(name)
                ? Reply.json(200, ServiceDetail.broken(ServiceView.broken(name, process)))
                : Reply.error(404, "Unknown service " + name, request.path());
    }
}
