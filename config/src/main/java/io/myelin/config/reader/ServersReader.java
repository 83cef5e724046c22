package io.myelin.config.reader;

import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.BindLine;
import io.myelin.config.haproxy.Line;
import io.myelin.config.haproxy.ServerSettings;
import io.myelin.config.reader.Section.Item;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.server.BindAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the endpoints that the configuration itself names. */
final class ServersReader {
    private static final String FORMS = "host:port, or a map with host and port";
    private static final String PATHS = "a path that begins with /";

    private final boolean useWeights;
    private final Problems problems;

    /**
     * @param useWeights whether the key {@code weight} counts; Synapse ignores it unless it uses the registry's weights
     */
    ServersReader(boolean useWeights, Problems problems) {
        this.useWeights = useWeights;
        this.problems = problems;
    }

    List<Endpoint> read(Section section, String key) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Item item : section.items(key)) {
            Endpoint endpoint = item.node() instanceof Scalar scalar
                    ? address(scalar, item.where())
                    : described(section.section(item));
            if (endpoint != null) {
                endpoints.add(endpoint);
            }
        }
        return endpoints;
    }

    private @Nullable Endpoint address(Scalar scalar, Where where) {
        BindAddress address = BindLine.parse(scalar.text());
        if (address != null && address.unix()) {
            return Endpoint.ofUnix("", address.host());
        }
        if (address == null || address.port() == 0 || address.host().equals("*")) {
            problems.error(where, scalar.text(), FORMS);
            return null;
        }
        return Endpoint.of("", address.host(), address.port());
    }

    private @Nullable Endpoint described(@Nullable Section server) {
        if (server == null) {
            return null;
        }
        server.allow(Keys.SERVER);
        String path = path(server);
        String host = path == null ? host(server) : path;
        Integer port = path == null ? port(server) : Integer.valueOf(0);
        String options = server.text("haproxy_server_options");
        ServerSettings settings = settings(options, server);
        Integer weight = server.number("weight", 0, Endpoint.MAX_WEIGHT);
        boolean backup = server.flag("backup", settings != null && settings.backup());
        String name = server.text("name");
        Map<String, String> labels = labels(server);
        Long sequence = sequence(server);
        if (host == null || port == null) {
            return null;
        }
        Integer effective = weight != null && useWeights ? weight : settings == null ? null : settings.weight();
        String label = name == null ? "" : name;
        return new Endpoint(
                EndpointId.of(label, host, port),
                label,
                host,
                port,
                effective,
                backup,
                labels,
                options(options, server.flag("disabled")),
                sequence);
    }

    /** Returns the member's options, {@code disabled} or not being one of them. */
    private static String options(@Nullable String options, @Nullable Boolean disabled) {
        String said = options == null ? "" : options;
        if (disabled == null) {
            return said;
        }
        return (said + (disabled ? " disabled" : " enabled")).strip();
    }

    /**
     * Returns the path of a Unix socket, {@code null} if the member has an IP address: as {@code path}, as
     * {@code host}, or in the manner of Synapse's users {@code host: unix} and a path for a port.
     */
    private @Nullable String path(Section server) {
        boolean inPort = "unix".equals(server.text("host"));
        String key = server.has("path") ? "path" : inPort ? "port" : "host";
        String text = server.text(key);
        String path = text == null ? null : BindLine.path(text);
        if (path == null && text != null && !key.equals("host")) {
            problems.error(server.where(key), text, PATHS);
        }
        if (server.has("path") && (server.has("host") || server.has("port"))) {
            problems.error(server.where("path"), "is set beside host or port", "one of them");
        }
        return path;
    }

    private @Nullable Integer port(Section server) {
        if (!server.has("port") && !server.has("path")) {
            problems.error(server.where(), "has no port", FORMS);
        }
        boolean ofPath = server.has("path") || "unix".equals(server.text("host"));
        return ofPath ? null : server.number("port", 1, 65_535);
    }

    private @Nullable String host(Section server) {
        String written = server.text("host");
        if (written == null) {
            if (!server.has("host") && !server.has("path")) {
                problems.error(server.where(), "has no host", FORMS);
            }
            return null;
        }
        String host = BindLine.host(written);
        if (written.equals("unix")) {
            return null;
        }
        if (host == null || host.equals("*")) {
            problems.error(server.where("host"), written, "an IP address or a host name");
            return null;
        }
        return host;
    }

    private @Nullable ServerSettings settings(@Nullable String options, Section server) {
        if (options == null) {
            return null;
        }
        Line line = Line.of(options, server.where("haproxy_server_options"), problems);
        ServerSettings settings = ServerSettings.of(line, problems);
        settings.requireUsableTls(line.where(), problems);
        return settings;
    }

    private static @Nullable Long sequence(Section server) {
        Integer id = server.number("id", 0, Integer.MAX_VALUE);
        return id == null ? null : Long.valueOf(id);
    }

    /** Reads the {@code labels} of a server. */
    Map<String, String> labels(Section server) {
        Section labels = server.section("labels");
        Map<String, String> read = new LinkedHashMap<>();
        if (labels != null) {
            for (Entry entry : labels.entries()) {
                if (entry.value() instanceof Scalar scalar) {
                    read.put(entry.name(), scalar.absent() ? "" : scalar.text());
                } else {
                    problems.error(
                            labels.where(entry.name()), "is " + entry.value().kind(), "a text");
                }
            }
        }
        return read;
    }
}
