package io.myelin.discovery.marathon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.function.Predicate;

/** What Marathon tells of tasks that start and end: which of it concerns one application. */
final class TaskEvents implements Predicate<String> {
    /*
     * Marathon's GET /v2/events answers with server-sent events: "event: status_update_event", "data: {"appId": "/web",
     * "taskStatus": "TASK_RUNNING", ...}" and an empty line.
     */
    static final String TYPE = "text/event-stream";

    private static final String DATA = "data:";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String application;

    /** Creates what knows the events of {@code application}, a name without a slash at its beginning. */
    TaskEvents(String application) {
        this.application = "/" + application;
    }

    /** Returns whether {@code line} may be about the application; what cannot be told apart may. */
    @Override
    public boolean test(String line) {
        if (!line.startsWith(DATA)) {
            return false;
        }
        try {
            String concerned =
                    JSON.readTree(line.substring(DATA.length())).path("appId").asText();
            return concerned.isEmpty() || concerned.equals(application);
        } catch (JsonProcessingException ignored) {
            // Asking once more than needed does no harm.
            return true;
        }
    }
}
