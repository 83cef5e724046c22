package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Node;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.BindLine;
import io.myelin.config.reader.ListenerDraft.Bind;
import io.myelin.config.reader.Section.Item;
import io.myelin.model.Protocol;
import io.myelin.route.Condition;
import io.myelin.server.BindAddress;
import io.myelin.server.BindOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads native {@code frontends} and brings the routes of the services to them. */
final class FrontendsReader {
    private static final String ADDRESS_FORMS = "ADDRESS:PORT, such as 127.0.0.1:8080, or the path of a Unix socket";

    private final Map<String, Section> frontends;
    private final Targets targets;
    private final AccessLogReader accessLog;
    private final Problems problems;

    FrontendsReader(Map<String, Section> frontends, Targets targets, AccessLogReader accessLog, Problems problems) {
        this.frontends = frontends;
        this.targets = targets;
        this.accessLog = accessLog;
        this.problems = problems;
    }

    List<ListenerDraft> read(List<ServiceDraft> services) {
        Map<String, List<NativeRoute>> byFrontend = new HashMap<>();
        for (ServiceDraft service : services) {
            for (NativeRoute route : service.routes()) {
                String frontend = frontendOf(route);
                if (frontend != null) {
                    byFrontend
                            .computeIfAbsent(frontend, key -> new ArrayList<>())
                            .add(route);
                }
            }
        }
        List<ListenerDraft> drafts = new ArrayList<>();
        frontends.forEach(
                (name, section) -> drafts.add(frontend(name, section, byFrontend.getOrDefault(name, List.of()))));
        return drafts;
    }

    private @Nullable String frontendOf(NativeRoute route) {
        String name = route.frontend();
        if (name != null ? frontends.containsKey(name) : frontends.size() == 1) {
            return name != null ? name : frontends.keySet().iterator().next();
        }
        String known = frontends.isEmpty() ? "a frontend" : "one of " + String.join(", ", frontends.keySet());
        Where where = route.where().child("frontend", route.where().place());
        if (frontends.isEmpty()) {
            problems.error(where, "there are no frontends", "a top-level frontends section");
        } else {
            problems.error(where, name == null ? "is not given" : "there is no frontend " + name, known);
        }
        return null;
    }

    private ListenerDraft frontend(String name, Section section, List<NativeRoute> routes) {
        section.allow(Keys.FRONTEND);
        String fallback = section.text("default");
        Overrides overrides = new Overrides(section, Keys.FRONTEND_TIMEOUTS, Keys.FRONTEND_LIMITS);
        List<NativeRoute> ordered = inOrder(routes);
        return new ListenerDraft(
                name,
                section.where(),
                binds(section),
                Protocol.HTTP,
                ordered.stream().map(NativeRoute::route).toList(),
                fallback == null ? null : targets.resolve(fallback, section.where("default"), ""),
                overrides.clientTimeout(Settings.NATIVE.clientTimeout()),
                overrides.client(Settings.NATIVE.client()),
                new AccessReader(section).intake(Intake.DEFAULT, section.flag("tcp_keep_alive", false)),
                overrides.maxConnections(Settings.NATIVE.maxConnections()),
                targets.rules(new MessageRulesReader(section).read(), section.where()),
                ordered.stream().map(NativeRoute::rules).toList(),
                accessLog.read(section, Settings.NATIVE.accessLog()));
    }

    private List<NativeRoute> inOrder(List<NativeRoute> routes) {
        Map<Condition, NativeRoute> seen = new HashMap<>();
        List<NativeRoute> ordered =
                routes.stream().sorted(NativeRoute.MOST_TELLING_FIRST).toList();
        for (NativeRoute route : ordered) {
            NativeRoute first = seen.putIfAbsent(route.when(), route);
            if (first != null) {
                problems.error(
                        route.where(),
                        "takes the same requests as the route of " + first.service() + " at "
                                + first.where().place(),
                        "another host, path or method");
            }
        }
        return ordered;
    }

    private List<Bind> binds(Section section) {
        List<Bind> binds = new ArrayList<>();
        BindOptions options = new AccessReader(section).bindOptions(BindOptions.DEFAULT);
        for (Item item : section.items("bind")) {
            Bind bind = item.node() instanceof Mapping mapping
                    ? bind(new Section(mapping, item.where(), problems), options)
                    : bind(item.node(), item.where(), options);
            if (bind != null) {
                binds.add(bind);
            }
        }
        if (!section.has("bind")) {
            problems.error(section.where(), "has no bind", ADDRESS_FORMS);
        }
        return binds;
    }

    /** Returns an address that has settings of its own. */
    private @Nullable Bind bind(Section bind, BindOptions options) {
        bind.allow(Keys.BIND);
        Node address = bind.node("address");
        if (address == null) {
            problems.error(bind.where(), "has no address", ADDRESS_FORMS);
            return null;
        }
        return bind(address, bind.where("address"), options.withTls(TlsReader.read(bind, options.tls())));
    }

    private @Nullable Bind bind(Node node, Where where, BindOptions options) {
        BindAddress address = node instanceof Scalar scalar ? BindLine.parse(scalar.text()) : null;
        if (address == null) {
            problems.error(where, node instanceof Scalar scalar ? scalar.text() : "is " + node.kind(), ADDRESS_FORMS);
            return null;
        }
        return new Bind(address.with(options), where);
    }
}
