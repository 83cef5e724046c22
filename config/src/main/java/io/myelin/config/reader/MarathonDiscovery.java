package io.myelin.config.reader;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.marathon.MarathonConfig;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the {@code discovery} of a service that Marathon runs. */
final class MarathonDiscovery implements DiscoveryMethod {
    static final Keys KEYS = Keys.of(
            List.of(
                    "marathon_api_url",
                    "application_name",
                    "port_index",
                    "marathon_api_path",
                    "check_interval",
                    "ca_file"),
            List.of());

    private static final int MAX_PORT_INDEX = 1_000;

    @Override
    public Keys keys() {
        return KEYS;
    }

    @Override
    public @Nullable DiscoveryConfig read(Section discovery) {
        HttpOrigin api = api(discovery);
        String application = DockerDiscovery.required(discovery, "application_name", "the name of an application");
        if (application != null && !application.matches("[^\\s?#%]+")) {
            discovery.problems().error(discovery.where("application_name"), application, "the name of an application");
            application = null;
        }
        String path = discovery.text("marathon_api_path", "/\\S*", "a path such as " + MarathonConfig.DEFAULT_PATH);
        if (path != null && !path.contains(MarathonConfig.APP)) {
            discovery
                    .problems()
                    .warning(discovery.where("marathon_api_path"), "has no " + MarathonConfig.APP + " for the name");
        }
        int portIndex = discovery.number("port_index", 0, MAX_PORT_INDEX, 0);
        Duration interval = Intervals.read(discovery, "check_interval", MarathonConfig.DEFAULT_CHECK_INTERVAL);
        String caFile = discovery.text("ca_file");
        return api == null || application == null
                ? null
                : new MarathonConfig(
                        api,
                        path == null ? MarathonConfig.DEFAULT_PATH : path,
                        application,
                        portIndex,
                        interval,
                        caFile);
    }

    /** The text itself is not repeated: it may hold a password. */
    private static @Nullable HttpOrigin api(Section discovery) {
        String expected = "a URL such as http://marathon.example.com:8080";
        String url = DockerDiscovery.required(discovery, "marathon_api_url", expected);
        if (url == null) {
            return null;
        }
        HttpOrigin api = url.matches("(?i)https?://.*") ? HttpOrigin.parse(url, 1) : null;
        if (api == null) {
            discovery.problems().error(discovery.where("marathon_api_url"), "is not a URL", expected);
        } else if (!url.matches("[^/]*//[^/?#]*/?")) {
            discovery
                    .problems()
                    .warning(
                            discovery.where("marathon_api_url"),
                            "what follows host and port is not used: the path is" + " that of marathon_api_path");
        }
        return api;
    }
}
