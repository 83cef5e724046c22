package io.myelin.discovery.marathon;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.fetch.HttpOrigin;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The running tasks of an application.
 *
 * @param api where Marathon is asked
 * @param path of the list of tasks, with {@value #APP} where the application's name goes
 * @param application its name; a slash at its beginning means nothing
 * @param portIndex which of a task's ports is the service's, from 0
 * @param checkInterval how often Marathon is asked
 * @param caFile certificates in PEM that Marathon's must be signed by; {@code null} for those that the JDK trusts
 */
public record MarathonConfig(
        HttpOrigin api,
        String path,
        String application,
        int portIndex,
        Duration checkInterval,
        @Nullable String caFile) implements DiscoveryConfig {
    /** What stands for the name of the application. */
    public static final String APP = "%{app}";
    /** The list of tasks in the second version of Marathon's API. */
    public static final String DEFAULT_PATH = "/v2/apps/" + APP + "/tasks";
    /** How often Synapse asks. */
    public static final Duration DEFAULT_CHECK_INTERVAL = Duration.ofSeconds(10);

    public MarathonConfig {
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

    /** Returns the path of the tasks of the application. */
    String tasksPath() {
        String name = application.startsWith("/") ? application.substring(1) : application;
        return path.replace(APP, name).replace("%%", "%");
    }
}
