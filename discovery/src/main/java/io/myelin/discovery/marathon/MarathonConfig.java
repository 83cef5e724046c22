package io.myelin.discovery.marathon;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.fetch.HttpCall;
import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.fetch.TlsFiles;
import java.time.Duration;
import java.util.List;

/**
 * The running tasks of an application.
 *
 * @param apis where Marathon is asked: at the one that answered last, then at the others
 * @param path of the list of tasks, with {@value #APP} where the application's name goes
 * @param application its name; a slash at its beginning means nothing
 * @param portIndex which of a task's ports is the service's, from 0
 * @param checkInterval how often Marathon is asked at least
 * @param tls what an encrypted Marathon is shown, and verified by
 * @param authorization who Marathon is told that it is who asks; empty to say what the URL says
 * @param events whether Marathon is asked to tell of changes
 */
public record MarathonConfig(
        List<HttpOrigin> apis,
        String path,
        String application,
        int portIndex,
        Duration checkInterval,
        TlsFiles tls,
        Authorization authorization,
        boolean events)
        implements DiscoveryConfig {
    /** What stands for the name of the application. */
    public static final String APP = "%{app}";
    /** The list of tasks in the second version of Marathon's API. */
    public static final String DEFAULT_PATH = "/v2/apps/" + APP + "/tasks";
    /** How often Synapse asks. */
    public static final Duration DEFAULT_CHECK_INTERVAL = Duration.ofSeconds(10);

    private static final String APPS = "/v2/apps/";

    /** The value of the field {@code Authorization}, such as {@code token=...}; it is in no text. */
    public record Authorization(String value) {
        public static final Authorization NONE = new Authorization("");

        @Override
        public String toString() {
            return value.isEmpty() ? "none" : "set";
        }
    }

    public MarathonConfig {
        apis = List.copyOf(apis);
        if (apis.isEmpty()) {
            throw new IllegalArgumentException("marathon_api_url: none (expected: at least one URL)");
        }
        if (application.isBlank() || !application.matches("[^\\s?#%]+")) {
            throw new IllegalArgumentException(
                    "application_name: " + application + " (expected: the name of an application)");
        }
        if (!path.matches("/\\S*")) {
            throw new IllegalArgumentException(
                    "marathon_api_path: " + path + " (expected: a path such as " + DEFAULT_PATH);
        }
        if (portIndex < 0) {
            throw new IllegalArgumentException("port_index: " + portIndex + " (expected: >= 0)");
        }
    }

    /** Returns the application's name without the slash at its beginning. */
    String bareName() {
        return application.startsWith("/") ? application.substring(1) : application;
    }

    /** Returns the path of the tasks of the application. */
    String tasksPath() {
        return path.replace(APP, bareName()).replace("%%", "%");
    }

    /** Returns the path of Marathon's events, beside that of its applications; empty if that is not known. */
    String eventsPath() {
        int apps = path.indexOf(APPS);
        return apps < 0 ? "" : path.substring(0, apps) + "/v2/events?event_type=status_update_event";
    }

    /** Returns {@code call} as whoever may ask. */
    HttpCall authorized(HttpCall call) {
        return authorization.value().isEmpty() ? call : call.with("Authorization", authorization.value());
    }
}
