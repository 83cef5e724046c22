package io.myelin.synse;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Finds what answers a path. A template such as {@code /v3/info/<device_id>} leaves a segment open; one that says more
 * wins.
 */
@OwnedBy(Owner.BUILDER)
final class Routes {
    private static final String OPEN = "<";

    /** Those without an open segment first. */
    private final List<Route> routes = new ArrayList<>();

    private int closed;

    /** Answers requests. Runs on the event loop and does not block; an {@link ApiException} is told to the client. */
    @FunctionalInterface
    interface Handler {
        CompletionStage<Outcome> answer(Call call);
    }

    /**
     * What stands at one template.
     *
     * @param handlers by method
     */
    record Route(String template, List<String> segments, Map<String, Handler> handlers) {
        /** Returns what the path says where the template is open, {@code null} if they differ elsewhere. */
        @Nullable
        Map<String, String> variables(List<String> path) {
            if (path.size() != segments.size()) {
                return null;
            }
            Map<String, String> variables = new LinkedHashMap<>();
            for (int at = 0; at < segments.size(); at++) {
                String segment = segments.get(at);
                if (segment.startsWith(OPEN) && !path.get(at).isEmpty()) {
                    variables.put(segment.substring(1, segment.length() - 1), path.get(at));
                } else if (!segment.equals(path.get(at))) {
                    return null;
                }
            }
            return variables;
        }

        /** Returns the methods that are answered, for people and for {@code Allow}. */
        String methods() {
            TreeSet<String> methods = new TreeSet<>(handlers.keySet());
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            return String.join(", ", methods);
        }
    }

    /** A route that was found, and what the path says where it is open. */
    record Found(Route route, Map<String, String> variables) {}

    /** Adds a route that reads. */
    Routes get(String template, Handler handler) {
        return add("GET", template, handler);
    }

    /** Adds a route that changes something. */
    Routes post(String template, Handler handler) {
        return add("POST", template, handler);
    }

    private Routes add(String method, String template, Handler handler) {
        for (Route route : routes) {
            if (route.template().equals(template)) {
                route.handlers().put(method, handler);
                return this;
            }
        }
        Map<String, Handler> handlers = new LinkedHashMap<>();
        handlers.put(method, handler);
        Route added = new Route(template, List.of(template.substring(1).split("/", -1)), handlers);
        routes.add(template.contains(OPEN) ? routes.size() : closed++, added);
        return this;
    }

    /** Returns what stands at {@code path}, {@code null} if nothing does. */
    @Nullable
    Found find(List<String> path) {
        for (Route route : routes) {
            Map<String, String> variables = route.variables(path);
            if (variables != null) {
                return new Found(route, variables);
            }
        }
        return null;
    }

    /** Returns every template, for people. */
    String templates() {
        return String.join(" ", routes.stream().map(Route::template).toList());
    }
}
