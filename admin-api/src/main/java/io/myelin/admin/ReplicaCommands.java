package io.myelin.admin;

import io.myelin.httpd.Answer;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The requests by which operators change what replicas run; they are carried out after the answer. */
final class ReplicaCommands {
    private static final Pattern COMMAND = Pattern.compile(
            "/api/v1/services/(?<service>[^/]+)/(?:(?<scale>scale)|(?:replicas/(?<replica>[^/]+)/)?restart)");

    private final ProcessView view;

    ReplicaCommands(ProcessView view) {
        this.view = view;
    }

    /** Returns the answer to a command, {@code null} if {@code request} is none. */
    @Nullable
    Answer answer(AdminRequest request) {
        Matcher command = COMMAND.matcher(request.path());
        if (!command.matches()) {
            return null;
        }
        if (!request.method().equals("POST")) {
            return Reply.error(405, "method: " + request.method() + " (expected: POST)", request.path())
                    .withHeaders(Map.of("Allow", "POST"));
        }
        String service = command.group("service");
        if (command.group("scale") != null) {
            return scale(service, request);
        }
        String replica = command.group("replica");
        if (replica == null) {
            return reply(view.replicaOrders().restart(service), "Unknown service " + service, request);
        }
        boolean known = view.replicaOrders().restart(service, replica);
        return reply(known, "Unknown replica " + replica + " of service " + service, request);
    }

    private Answer scale(String service, AdminRequest request) {
        List<String> values = request.query().getOrDefault("replicas", List.of());
        String text = values.isEmpty() ? "" : values.get(0);
        if (!text.matches("\\d{1,3}|1000")) {
            return Reply.error(400, "replicas: " + text + " (expected: ?replicas=0..1000)", request.path());
        }
        boolean known = view.replicaOrders().scale(service, Integer.parseInt(text));
        return reply(known, "Unknown service " + service, request);
    }

    private static Answer reply(boolean known, String unknown, AdminRequest request) {
        return known ? Reply.json(202, Map.of("status", "accepted")) : Reply.error(404, unknown, request.path());
    }
}
