package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import io.myelin.config.reader.Section.Item;
import io.myelin.health.replica.ConnectionString;
import io.myelin.health.replica.Launch;
import io.myelin.health.replica.ReplicaBinding;
import io.myelin.tls.TlsConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the {@code bindings} of a service whose replicas are run here. */
final class BindingsReader {
    private static final Map<String, Integer> CONTAINER_PORTS = Map.of("http", 80, "https", 443);
    private static final String HOST = "[0-9A-Za-z._:*-]+";
    private static final String UDP = "udp";

    private final Dialect dialect;
    private final String service;
    private final Launch launch;
    private final Problems problems;

    /**
     * @param service the name of the service, which the pool of its first binding bears
     * @param launch how its replicas are started
     */
    BindingsReader(Dialect dialect, String service, Launch launch, Problems problems) {
        this.dialect = dialect;
        this.service = service;
        this.launch = launch;
        this.problems = problems;
    }

    List<BindingDraft> read(Section section) {
        List<Item> items = section.items("bindings");
        List<BindingDraft> drafts = new ArrayList<>();
        for (Item item : items) {
            Section binding = Section.of(item.node(), item.where(), problems);
            if (binding != null) {
                drafts.add(binding(binding, drafts, items.size() > 1));
            }
        }
        requireDifferentPorts(drafts);
        return drafts;
    }

    private BindingDraft binding(Section section, List<BindingDraft> earlier, boolean several) {
        dialect.allow(section, dialect == Dialect.TYE ? TyeKeys.BINDING : ReplicaKeys.BINDING);
        if (section.has("routes") && dialect == Dialect.TYE) {
            problems.warning(section.whereKey("routes"), "has no effect: the dashboard shows no links of bindings");
        }
        String name = name(section, earlier, several);
        String protocol = protocol(section);
        String host = section.text("host", HOST, "an address or a host name");
        Integer port = dialect.port(section, "port");
        Integer containerPort = dialect.port(section, "container_port");
        String string = connectionString(section);
        boolean external = launch instanceof Launch.External;
        if (external && port == null && string.isEmpty()) {
            problems.error(section.where(), "has no port", "the port on which the external service listens");
        }
        boolean told = host != null && !ListenHost.isHere(host);
        TlsConfig tls = external ? null : new CertificateReader(section).read(protocol);
        String spoken = tls == null ? protocol : "http";
        ReplicaBinding binding = new ReplicaBinding(
                name,
                earlier.isEmpty() ? service : service + ":" + name,
                port,
                containerPort == null ? usualContainerPort(spoken, earlier) : containerPort,
                host == null || !told ? "" : host,
                protocol,
                string,
                tls != null);
        return new BindingDraft(binding, host == null ? "" : host, tls, section.where("port"));
    }

    private String name(Section section, List<BindingDraft> earlier, boolean several) {
        String name = section.text("name", "[0-9A-Za-z._-]{1,63}", "letters, digits, -, . and _");
        if (name == null) {
            if (several && !section.has("name")) {
                problems.error(section.where(), "has no name, and the service has several bindings", "a name for each");
            }
            return several ? "#" + (earlier.size() + 1) : "";
        }
        earlier.stream()
                .filter(other -> other.binding().name().equals(name))
                .forEach(other -> problems.error(
                        section.where("name"), "another binding of the service is named " + name, "a name of its own"));
        return name;
    }

    private String protocol(Section section) {
        String protocol = section.text("protocol", "[0-9A-Za-z+.-]+", "a protocol such as http, https or tcp");
        if (protocol == null) {
            return "";
        }
        String lower = protocol.toLowerCase(Locale.ROOT);
        if (lower.equals(UDP)) {
            problems.error(section.where("protocol"), "Proxy does not support the udp protocol yet", "http or tcp");
        }
        return lower;
    }

    /** Returns the port that a container listens on if nobody says: 80 for the first of http, 443 of https. */
    private @Nullable Integer usualContainerPort(String protocol, List<BindingDraft> earlier) {
        boolean first =
                earlier.stream().noneMatch(other -> other.binding().spoken().equals(protocol));
        return first && launch instanceof Launch.Container ? CONTAINER_PORTS.get(protocol) : null;
    }

    private String connectionString(Section section) {
        String key = dialect.key("connection_string");
        String text = section.text(key);
        if (text == null) {
            return "";
        }
        try {
            ConnectionString.of(text);
        } catch (IllegalArgumentException e) {
            problems.error(section.where(key), String.valueOf(e.getMessage()), ConnectionString.FORMS);
        }
        return text;
    }

    private void requireDifferentPorts(List<BindingDraft> drafts) {
        Map<Integer, Where> seen = new HashMap<>();
        for (BindingDraft draft : drafts) {
            Integer port = draft.binding().port();
            Where first = port == null ? null : seen.putIfAbsent(port, draft.where());
            if (first != null && !(launch instanceof Launch.External)) {
                problems.error(
                        draft.where(),
                        "port " + port + " is that of another binding at " + first.place(),
                        "a port of its own");
            }
        }
    }
}
