package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.server.BindAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code server} lines of a section that lists its servers itself. What they say of checks and connections, a
 * service has once for all of its members.
 */
public final class ServerLines {
    private static final String FORMS = "server NAME ADDRESS:PORT [options], with a host or the path of a Unix socket";

    private final ProxySection section;
    private final Problems problems;
    private final List<Server> servers = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    private record Server(String name, BindAddress address, ServerSettings settings, Line line) {}

    private ServerLines(ProxySection section, Problems problems) {
        this.section = section;
        this.problems = problems;
    }

    /** Returns the servers of {@code lines}, whose checks and connections become those of {@code section}. */
    public static List<Endpoint> read(List<Line> lines, ProxySection section, Problems problems) {
        ServerLines read = new ServerLines(section, problems);
        lines.forEach(read::take);
        return read.endpoints();
    }

    private void take(Line line) {
        String name = line.word(1);
        BindAddress address = BindLine.parse(line.word(2));
        if (name.isEmpty()
                || address == null
                || address.host().equals("*")
                || (address.port() == 0 && !address.unix())) {
            line.error(problems, "names no server that can be reached", FORMS);
            return;
        }
        if (!names.add(name)) {
            line.error(problems, "there is another server " + name, "a name of its own");
            return;
        }
        ServerSettings settings = new ServerSettings(section.server());
        settings.applySingle(line, line.from(3), problems);
        settings.requireUsableTls(line.where(), problems);
        if (settings.check && settings.track != null) {
            line.error(problems, "a server is checked or tracks another one, not both", "check or track");
        }
        servers.add(new Server(name, address, settings, line));
    }

    private List<Endpoint> endpoints() {
        Server example = servers.stream()
                .filter(server -> server.settings().check)
                .findFirst()
                .orElse(servers.isEmpty() ? null : servers.get(0));
        if (example != null) {
            servers.forEach(server -> compare(server, example));
            section.server().superviseLike(example.settings());
        }
        boolean checked = example != null && example.settings().check;
        return servers.stream().map(server -> endpoint(server, checked)).toList();
    }

    private void compare(Server server, Server example) {
        boolean checkedAlike = !server.settings().check
                || server.settings().checking().equals(example.settings().checking());
        if (!checkedAlike
                || !server.settings().talking().equals(example.settings().talking())) {
            server.line()
                    .warning(
                            problems,
                            "is checked, watched and connected to as the server " + example.name()
                                    + " is: these options are one for all servers of a section");
        }
    }

    private static Endpoint endpoint(Server server, boolean checked) {
        ServerSettings settings = server.settings();
        String options = String.join(" ", server.line().from(3));
        if (checked && !settings.check) {
            options = (options + " no-check").strip();
        }
        @Nullable Integer weight = settings.weight;
        return new Endpoint(
                new EndpointId(server.name()),
                server.name(),
                server.address().host(),
                server.address().port(),
                weight,
                settings.backup,
                Map.of(),
                options,
                null);
    }
}
