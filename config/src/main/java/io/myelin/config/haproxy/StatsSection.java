package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.config.operator.StatsConfig;
import io.myelin.config.operator.StatsConfig.User;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.server.BindAddress;
import io.myelin.server.BindOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A section of HAProxy's configuration that shows statistics and serves nothing else. */
@OwnedBy(Owner.BUILDER)
public final class StatsSection {
    private static final Set<String> KINDS = Set.of("listen", "frontend");
    private static final Set<String> SERVING = Set.of("server", "server-template", "use_backend", "default_backend");

    /** Lines that ask who may look in ways that are not interpreted. */
    private static final Set<String> GUARDS = Set.of("http-request", "block", "tcp-request");

    /** Lines about things that this listener decides by itself. */
    private static final Set<String> OF_NO_CONCERN = Set.of(
            "mode",
            "timeout",
            "option",
            "no",
            "log",
            "maxconn",
            "balance",
            "acl",
            "description",
            "clitimeout",
            "srvtimeout",
            "contimeout",
            "bind-process",
            "id",
            "retries");

    private final Problems problems;
    private final List<BindAddress> addresses = new ArrayList<>();
    private final List<User> users = new ArrayList<>();
    private final Set<String> scopes = new LinkedHashSet<>();
    private String uri = "/haproxy?stats";
    private String realm = "HAProxy Statistics";
    private Duration refresh = Duration.ZERO;
    private boolean guarded;

    private StatsSection(Problems problems) {
        this.problems = problems;
    }

    /** Returns whether a section with that {@code title} and {@code lines} shows statistics and serves nothing else. */
    public static boolean matches(Line title, List<Line> lines) {
        return KINDS.contains(title.word(0))
                && lines.stream().anyMatch(line -> line.startsWith("stats"))
                && lines.stream().noneMatch(line -> SERVING.contains(line.word(0)));
    }

    /** Returns the listener that the section describes, {@code null} if it describes none that can be used. */
    public static @Nullable StatsConfig read(Line title, List<Line> lines, Problems problems) {
        StatsSection section = new StatsSection(problems);
        if (!title.word(2).isEmpty()) {
            section.bind(Line.of("bind " + String.join(" ", title.from(2)), title.where(), problems));
        }
        lines.forEach(section::take);
        return section.result(title);
    }

    private @Nullable StatsConfig result(Line title) {
        if (addresses.isEmpty() || guarded) {
            title.warning(problems, guarded ? "not opened: see its lines" : "has no address: nothing listens there");
            return null;
        }
        String name = title.word(1).isEmpty() ? "stats" : title.word(1);
        return new StatsConfig(name, addresses, uri, refresh, realm, users, scopes);
    }

    private void take(Line line) {
        if (line.startsWith("bind")) {
            bind(line);
        } else if (line.startsWith("stats")) {
            try {
                takeStats(line);
            } catch (MalformedLineException e) {
                line.error(problems, e.reason(), e.expected());
            }
        } else if (GUARDS.contains(line.word(0))) {
            guard(line);
        } else if (!OF_NO_CONCERN.contains(line.word(0))) {
            line.warning(problems, "has no effect on statistics");
        }
    }

    private void bind(Line line) {
        for (BindAddress address : BindLine.addresses(line, problems)) {
            addresses.add(
                    address.with(BindOptions.DEFAULT.withFile(address.options().file())));
        }
    }

    private void takeStats(Line line) throws MalformedLineException {
        switch (line.word(1)) {
            case "uri" -> uri = required(line, "what targets begin with, such as /");
            case "realm" -> realm = required(line, "a text");
            case "refresh" -> refresh = Quantity.seconds(line.word(2));
            case "auth" -> users.add(user(line));
            case "scope" -> scopes.add(required(line, "the name of a proxy"));
            case "http-request" -> guard(line);
            case "admin" -> line.warning(problems, "nothing can be changed on the page; the runtime socket can");
            case "enable", "hide-version", "show-legends", "show-node", "show-desc", "show-modules" -> {
                // Said by the other lines, or about what the page looks like.
            }
            default -> line.warning(problems, "has no effect on statistics");
        }
    }

    /** A page that somebody wanted guarded must not be open to all. */
    private void guard(Line line) {
        guarded = true;
        line.warning(problems, "not interpreted: the statistics that it guards are not shown");
    }

    private static String required(Line line, String expected) throws MalformedLineException {
        if (line.word(2).isEmpty()) {
            throw new MalformedLineException("a word is missing", expected);
        }
        return line.word(2);
    }

    private static User user(Line line) throws MalformedLineException {
        String pair = line.word(2);
        int colon = pair.indexOf(':');
        if (colon < 1) {
            throw new MalformedLineException("there is no user and password", "USER:PASSWORD");
        }
        return new User(pair.substring(0, colon), pair.substring(colon + 1));
    }
}
