package io.myelin.admin;

import io.myelin.model.Clock;
import io.myelin.pool.Pool;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The services: those that a pool serves and those whose configuration is broken. */
final class ServiceResource {
    private final ProcessView view;
    private final Clock clock;

    ServiceResource(ProcessView view, Clock clock) {
        this.view = view;
        this.clock = clock;
    }

    /** Lists all services by name. */
    Reply all(AdminRequest request) {
        Times times = Times.now(clock);
        Set<String> names = new TreeSet<>();
        view.pools().forEach(pool -> names.add(pool.name()));
        view.brokenServices().forEach(service -> names.add(service.name()));
        return Reply.json(
                200,
                names.stream().map(name -> summary(name, read(name), times)).toList());
    }

    /** Tells everything about the service that the request names. */
    Reply one(AdminRequest request) {
        String name = request.name();
        PoolReading reading = read(name);
        if (reading == null && problems(name).isEmpty()) {
            return Reply.error(404, "Unknown service " + name, request.path());
        }
        Times times = Times.now(clock);
        ServiceView summary = summary(name, reading, times);
        return Reply.json(
                200, reading == null ? ServiceDetail.broken(summary) : ServiceDetail.of(summary, reading, times));
    }

    private ServiceView summary(String name, @Nullable PoolReading reading, Times times) {
        List<String> problems = problems(name);
        List<ListenerView> listeners = view.listeners().stream()
                .filter(status -> status.listener().equals(name))
                .map(ListenerView::of)
                .toList();
        return reading == null
                ? ServiceView.broken(name, problems, listeners)
                : ServiceView.of(reading, problems, listeners, times);
    }

    private @Nullable PoolReading read(String name) {
        Pool pool = view.pool(name);
        return pool == null ? null : PoolReading.of(pool);
    }

    private List<String> problems(String name) {
        return view.brokenServices().stream()
                .filter(service -> service.name().equals(name))
                .flatMap(service -> service.problems().stream())
                .toList();
    }
}
