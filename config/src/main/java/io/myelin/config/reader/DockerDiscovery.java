package io.myelin.config.reader;

import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.BindLine;
import io.myelin.config.reader.Section.Item;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.docker.DockerConfig;
import io.myelin.discovery.docker.DockerHost;
import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.fetch.TlsFiles;
import io.myelin.server.BindAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the {@code discovery} of a service whose endpoints are containers. */
final class DockerDiscovery implements DiscoveryMethod {
    static final Keys KEYS =
            Keys.of(List.of("servers", "image_name", "container_port", "check_interval", "tls", "events"), List.of());
    static final Keys SERVER = Keys.of(List.of("name", "host", "port", "socket", "tls"), List.of());

    /**
     * Where the containers of a daemon are reached that is reached through a Unix socket, or of which nothing is said.
     */
    private static final String THIS_HOST = "127.0.0.1";

    private static final String FORMS = "host:port, unix:///path, or a map with host and port, or socket";

    @Override
    public Keys keys() {
        return KEYS;
    }

    @Override
    public @Nullable DiscoveryConfig read(Section discovery) {
        TlsFiles tls = TlsFilesReader.readTls(discovery);
        List<DockerHost> servers = new ArrayList<>();
        for (Item item : discovery.items("servers")) {
            DockerHost server = item.node() instanceof Scalar scalar
                    ? written(scalar.text().strip(), item.where(), discovery, tls)
                    : described(discovery.section(item), tls);
            if (server != null) {
                servers.add(server);
            }
        }
        if (discovery.items("servers").isEmpty()) {
            Where where = discovery.has("servers") ? discovery.where("servers") : discovery.where();
            discovery.problems().error(where, "has no servers", FORMS);
        }
        String image = required(discovery, "image_name", "the name of an image");
        required(discovery, "container_port", "the port inside the container");
        Integer port = discovery.number("container_port", 1, 65_535);
        Duration interval = Seconds.positive(discovery, "check_interval", DockerConfig.DEFAULT_CHECK_INTERVAL);
        return servers.isEmpty() || image == null || port == null
                ? null
                : new DockerConfig(servers, image, port, interval, discovery.flag("events", true));
    }

    /** Returns the text of {@code key}, {@code null} if it has none, which is then reported. */
    static @Nullable String required(Section discovery, String key, String expected) {
        String text = discovery.text(key);
        if (text == null || text.isBlank()) {
            boolean there = discovery.node(key) != null;
            if (!there || text != null) {
                discovery.problems().error(there ? discovery.where(key) : discovery.where(), "has no " + key, expected);
            }
            return null;
        }
        return text.strip();
    }

    /** @param tls of servers that say nothing themselves, {@code null} if they are not encrypted */
    private static @Nullable DockerHost written(String text, Where where, Section discovery, @Nullable TlsFiles tls) {
        if (text.startsWith("/")) {
            return new DockerHost("", THIS_HOST, HttpOrigin.ofUnix(text));
        }
        String url = text.contains("://") ? text : "tcp://" + text;
        HttpOrigin daemon = HttpOrigin.parse(url, tls == null ? DockerHost.DEFAULT_PORT : DockerHost.DEFAULT_TLS_PORT);
        if (daemon == null) {
            discovery.problems().error(where, "is not an address", FORMS);
            return null;
        }
        boolean socket = daemon.port() == 0;
        boolean upgraded = tls != null && url.regionMatches(true, 0, "tcp:", 0, 4);
        return new DockerHost(
                "",
                socket ? THIS_HOST : daemon.host(),
                upgraded ? new HttpOrigin(true, daemon.host(), daemon.port(), daemon.userInfo()) : daemon,
                tls == null ? TlsFiles.NONE : tls);
    }

    private static @Nullable DockerHost described(@Nullable Section server, @Nullable TlsFiles discoveryTls) {
        if (server == null) {
            return null;
        }
        server.allow(SERVER);
        String name = server.text("name");
        String host = host(server);
        Integer port = server.number("port", 1, 65_535);
        String socket = server.text("socket", "/.*", "the path of a Unix socket");
        boolean wrongSocket = socket == null && server.has("socket");
        if (host == null || wrongSocket || (port == null && server.has("port"))) {
            return null;
        }
        if (socket != null && port != null) {
            server.problems().error(server.where("socket"), "is set beside port", "one of them");
        }
        TlsFiles tls = server.has("tls") ? TlsFilesReader.readTls(server) : discoveryTls;
        if (socket != null && server.has("tls")) {
            server.problems().error(server.whereKey("tls"), "is set beside socket", "one of them");
        }
        return new DockerHost(
                name == null ? "" : name,
                host,
                socket == null ? tcp(host, port, tls != null) : HttpOrigin.ofUnix(socket),
                tls == null ? TlsFiles.NONE : tls);
    }

    private static HttpOrigin tcp(String host, @Nullable Integer port, boolean tls) {
        int otherwise = tls ? DockerHost.DEFAULT_TLS_PORT : DockerHost.DEFAULT_PORT;
        return new HttpOrigin(tls, host, port == null ? otherwise : port, "");
    }

    private static @Nullable String host(Section server) {
        String written = server.text("host");
        if (written == null) {
            return server.has("host") ? null : THIS_HOST;
        }
        BindAddress withPort = BindLine.parse(written + ":1");
        if (withPort == null || withPort.unix() || withPort.host().equals("*")) {
            server.problems().error(server.where("host"), written, "an IP address or a host name");
            return null;
        }
        return withPort.host();
    }
}
