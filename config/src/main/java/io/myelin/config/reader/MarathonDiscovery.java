package io.myelin.config.reader;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.fetch.TlsFiles;
import io.myelin.discovery.marathon.MarathonConfig;
import io.myelin.discovery.marathon.MarathonConfig.Authorization;
import java.time.Duration;
import java.util.ArrayList;
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
                    "authorization",
                    "events"),
            List.of());

    private static final int MAX_PORT_INDEX = 1_000;

    @Override
    public Keys keys() {
        return KEYS.and(TlsFilesReader.KEYS);
    }

    @Override
    public @Nullable DiscoveryConfig read(Section discovery) {
        List<HttpOrigin> apis = apis(discovery);
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
        Duration interval = Seconds.positive(discovery, "check_interval", MarathonConfig.DEFAULT_CHECK_INTERVAL);
        TlsFiles tls = TlsFilesReader.read(discovery);
        Authorization authorization = authorization(discovery);
        return apis.isEmpty() || application == null
                ? null
                : new MarathonConfig(
                        apis,
                        path == null ? MarathonConfig.DEFAULT_PATH : path,
                        application,
                        portIndex,
                        interval,
                        tls,
                        authorization,
                        discovery.flag("events", true));
    }

    /** Returns the addresses, none if one of them cannot be used; what is written is not repeated, for passwords. */
    private static List<HttpOrigin> apis(Section discovery) {
        String key = "marathon_api_url";
        String expected = "a URL such as http://marathon.example.com:8080";
        List<HttpOrigin> apis = new ArrayList<>();
        for (String text : discovery.texts(key)) {
            for (String url : text.strip().split("\\s*,\\s*", -1)) {
                HttpOrigin api = url.matches("(?i)https?://.*") ? HttpOrigin.parse(url, 1) : null;
                if (api == null) {
                    String what = url.isBlank() ? "has no " + key : "is not a URL";
                    discovery.problems().error(discovery.where(key), what, expected);
                    return List.of();
                }
                if (!url.matches("[^/]*//[^/?#]*/?")) {
                    String what = "what follows host and port is not used: the path is that of marathon_api_path";
                    discovery.problems().warning(discovery.where(key), what);
                }
                apis.add(api);
            }
        }
        if (apis.isEmpty()) {
            boolean there = discovery.node(key) != null;
            discovery.problems().error(there ? discovery.where(key) : discovery.where(), "has no " + key, expected);
        }
        return apis;
    }

    /** Returns what the field of that name will say, which is not repeated either. */
    private static Authorization authorization(Section discovery) {
        String text = discovery.text("authorization");
        if (text == null || text.isBlank()) {
            return Authorization.NONE;
        }
        if (!text.strip().matches("\\p{Graph}[\\p{Graph} ]*")) {
            discovery
                    .problems()
                    .error(discovery.where("authorization"), "is not text in ASCII", "such as token=... or Bearer ...");
            return Authorization.NONE;
        }
        return new Authorization(text.strip());
    }
}
