package io.myelin.admin;

import io.myelin.httpd.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the resource at a path.
 *
 * <p>A template is a path, or one that ends in {@code {name}}, which stands for everything that follows.
 */
final class Router {
    private static final String NAME = "{name}";

    private final Map<String, Resource> exact = new LinkedHashMap<>();
    private final Map<String, Resource> open = new LinkedHashMap<>();
    private final Function<AdminRequest, @Nullable Answer> commands;
    private final Map<String, Change> changes;
    private final List<String> templates;

    /** Creates a router of what can be read only. */
    Router(Map<String, Resource> resources) {
        this(resources, request -> null, Map.of());
    }

    /**
     * Creates a router.
     *
     * @param commands answers what changes something, and returns {@code null} for anything else
     * @param changes what is changed by any other method than those that read, by the beginning of a path, behind which
     *     its name stands
     */
    Router(
            Map<String, Resource> resources,
            Function<AdminRequest, @Nullable Answer> commands,
            Map<String, Change> changes) {
        this.commands = commands;
        this.changes = Map.copyOf(changes);
        resources.forEach((template, resource) -> {
            if (template.endsWith(NAME)) {
                open.put(template.substring(0, template.length() - NAME.length()), resource);
            } else {
                exact.put(template, resource);
            }
        });
        templates = List.copyOf(resources.keySet());
    }

    CompletionStage<Answer> answer(AdminRequest request) {
        Answer command = commands.apply(request);
        if (command != null) {
            return CompletableFuture.completedFuture(command);
        }
        for (Map.Entry<String, Change> route : changes.entrySet()) {
            if (!request.reads() && request.path().startsWith(route.getKey())) {
                return route.getValue()
                        .make(request.named(
                                request.path().substring(route.getKey().length())));
            }
        }
        return CompletableFuture.completedFuture(find(request));
    }

    private Answer find(AdminRequest request) {
        Resource resource = exact.get(request.path());
        if (resource != null) {
            return read(resource, request);
        }
        for (Map.Entry<String, Resource> route : open.entrySet()) {
            if (request.path().startsWith(route.getKey())) {
                String name = request.path().substring(route.getKey().length());
                return read(route.getValue(), request.named(name));
            }
        }
        return Reply.error(404, "unknown path (expected: " + String.join(" ", templates) + ")", request.path());
    }

    private static Answer read(Resource resource, AdminRequest request) {
        return request.reads() ? resource.answer(request) : refusal(request, "GET, HEAD");
    }

    /** Returns the answer to a method that the path does not know. */
    static Answer refusal(AdminRequest request, String allowed) {
        String expected = allowed.replaceAll(", (?=[A-Z]+$)", " or ");
        return Reply.error(405, "method: " + request.method() + " (expected: " + expected + ")", request.path())
                .withHeaders(Map.of("Allow", allowed));
    }
}
