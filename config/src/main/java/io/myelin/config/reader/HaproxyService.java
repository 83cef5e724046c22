package io.myelin.config.reader;

import io.myelin.access.AccessRules;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.BindLine;
import io.myelin.config.haproxy.FrontendRules;
import io.myelin.config.haproxy.Line;
import io.myelin.config.haproxy.ProxySection;
import io.myelin.config.haproxy.ServerLines;
import io.myelin.config.haproxy.SourceAcls;
import io.myelin.config.haproxy.TcpRequestLines;
import io.myelin.config.reader.ListenerDraft.Bind;
import io.myelin.model.Endpoint;
import io.myelin.net.EntranceConfig;
import io.myelin.pool.Lineup;
import io.myelin.pool.Lineup.Order;
import io.myelin.pool.PortOverride;
import io.myelin.pool.StickyConfig.Naming;
import io.myelin.server.BindAddress;
import io.myelin.server.BindOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code haproxy} section of a service.
 *
 * @param settings what its lines come to, on top of the defaults
 * @param balanceLine the line of its own that says how a member is chosen
 * @param stickyLine the line of its own that says how clients stick to members
 * @param observeLine the line of its own that says how much traffic says about the health of members
 * @param track whom members follow, {@code null} for nobody
 * @param lineup in which order members stand
 * @param disabled whether the service is not to be served at all
 * @param alias what {@code use_backend} lines call the service
 * @param bindHost where it listens
 * @param binds its addresses, none if it listens nowhere
 * @param rules what its frontend lines send to other services
 * @param messageLines what does something to messages
 * @param sharedLines what it adds to the shared frontend
 * @param portOverride the old name of {@code backend_port_override}
 * @param bindOptions how it listens at the address that the keys name
 * @param intake how its own listener takes up connections
 * @param access which clients the service serves, and after which delay; {@code null} for all of them at once
 * @param servers the members that its own lines name
 */
record HaproxyService(
        Settings settings,
        @Nullable Line balanceLine,
        @Nullable Line stickyLine,
        @Nullable Line observeLine,
        @Nullable TrackDraft track,
        Lineup lineup,
        boolean disabled,
        String alias,
        String bindHost,
        List<Bind> binds,
        FrontendRules rules,
        MessageLines messageLines,
        List<Line> sharedLines,
        @Nullable PortOverride portOverride,
        BindOptions bindOptions,
        Intake intake,
        @Nullable AccessRules access,
        List<Endpoint> servers) {
    HaproxyService {
        binds = List.copyOf(binds);
        sharedLines = List.copyOf(sharedLines);
        servers = List.copyOf(servers);
    }

    static HaproxyService read(Section section, String service, HaproxyTop top) {
        return new Reading(section, top, section.mentions("port")).read(service);
    }

    /**
     * Returns what a {@code backend} or {@code listen} says that stands for itself.
     *
     * @param noKeys in the place of the keys that Synapse has for a service
     */
    static HaproxyService read(ExtraSection extra, Section noKeys, HaproxyTop top) {
        return new Reading(noKeys, top, extra.kind().equals("listen")).read(extra);
    }

    /** One reading of one section. */
    private static final class Reading {
        private final Section section;
        private final HaproxyTop top;
        private final Problems problems;
        private final ProxySection lines;
        private final FrontendRules rules;
        private final SourceAcls acls = new SourceAcls();
        private final TcpRequestLines frontend;
        private final TcpRequestLines backend;
        private final List<Bind> binds = new ArrayList<>();
        private final List<Line> frontendRules = new ArrayList<>();
        private final List<Line> backendRules = new ArrayList<>();
        private final List<Line> commonRules = new ArrayList<>();
        private final List<Line> serverLines = new ArrayList<>();
        private final boolean listens;

        Reading(Section section, HaproxyTop top, boolean listens) {
            this.listens = listens;
            this.section = section;
            this.top = top;
            this.problems = section.problems();
            this.lines = new ProxySection(top.defaults());
            this.rules = new FrontendRules(problems);
            this.frontend = new TcpRequestLines(acls, problems);
            this.backend = new TcpRequestLines(acls, problems);
        }

        HaproxyService read(String service) {
            section.allowAsSynapseDoes(Keys.HAPROXY_SERVICE);
            String bindHost = bindHost();
            BindOptions bindOptions = bindOptions();
            readPort(bindHost, bindOptions);
            readLines();
            return result(service, bindHost, bindOptions, lineup(), List.of());
        }

        HaproxyService read(ExtraSection extra) {
            if (listens && !extra.title().word(2).isEmpty()) {
                String bind = "bind " + String.join(" ", extra.title().from(2));
                takeListen(Line.of(bind, extra.title().where(), problems));
            }
            for (Line line : extra.lines()) {
                if (line.startsWith("server")) {
                    serverLines.add(line);
                } else if (listens) {
                    takeListen(line);
                } else {
                    takeBackend(line);
                }
            }
            if (listens && binds.isEmpty()) {
                problems.warning(extra.where(), "has no bind line that can be used: it listens nowhere");
            }
            List<Endpoint> servers = ServerLines.read(serverLines, lines, problems);
            Lineup lineup = new Lineup(
                    Order.AS_DELIVERED, top.lineup().seed(), top.lineup().maxNumber());
            return result(extra.name(), top.bindHost(), BindOptions.DEFAULT, lineup, servers);
        }

        private HaproxyService result(
                String service, String bindHost, BindOptions bindOptions, Lineup lineup, List<Endpoint> servers) {
            lines.server().requireUsableTls(section.where(), problems);
            boolean weights = section.flag("use_nerve_weights", top.useNerveWeights());
            String alias = section.text("backend_name");
            Settings settings = Settings.of(lines, weights, naming(), lines.accessLog(top.logs(), problems));
            Intake intake = new Intake(
                    new EntranceConfig(frontend.connection(), frontend.session(), settings.headerTimeout()),
                    frontend.content(),
                    settings.clientKeepAlive());
            return new HaproxyService(
                    settings,
                    lines.balanceLine(),
                    lines.stickyLine(),
                    observeLine(service),
                    track(),
                    lineup,
                    section.flag("disabled", false),
                    alias == null ? service : alias,
                    bindHost,
                    binds,
                    rules,
                    new MessageLines(
                            rules.ruleLines(lines.tarpit()),
                            rules.monitorRules(),
                            frontendRules,
                            backendRules,
                            commonRules),
                    section.lines("shared_frontend"),
                    PortOverrides.read(section, "server_port_override"),
                    bindOptions,
                    intake,
                    backend.content(),
                    servers);
        }

        /** Returns the service's own line about it; one that all services share is not at fault. */
        private @Nullable Line observeLine(String service) {
            Line line = lines.server().observeLine();
            return line == null || !line.where().service().equals(service) ? null : line;
        }

        private @Nullable TrackDraft track() {
            String option = lines.server().track();
            Line line = lines.server().trackLine();
            return option == null || line == null ? null : TrackDraft.of(option, line);
        }

        /** Returns the host to listen on; the address of a socket of another kind is not one. */
        private String bindHost() {
            String text = section.text("bind_address");
            if (text != null && BindLine.namesAnotherFamily(text)) {
                problems.warning(
                        section.where("bind_address"),
                        text + " is neither an IP address nor a path: nothing listens there");
                return top.bindHost();
            }
            if (text != null && BindLine.path(text) != null) {
                if (section.has("port")) {
                    problems.error(
                            section.where("bind_address"),
                            text + " is the path of a Unix socket, which has no port",
                            "port: null");
                }
                return top.bindHost();
            }
            return section.has("port") || text == null || BindLine.parse(text) == null
                    ? HaproxyTop.bindHost(section, top.bindHost())
                    : top.bindHost();
        }

        private BindOptions bindOptions() {
            BindOptions options = BindOptions.DEFAULT;
            if (section.mentions("port")) {
                for (Line line : section.lines("bind_options")) {
                    options = BindLine.options(line, line.words(), problems);
                }
            }
            return options;
        }

        private void readPort(String bindHost, BindOptions options) {
            String text = section.text("bind_address");
            boolean unusable = text != null && BindLine.namesAnotherFamily(text);
            if (section.has("port")) {
                Integer port = section.number("port", 0, 65_535);
                if (port != null && !unusable) {
                    binds.add(new Bind(new BindAddress(bindHost, port, options), section.where("port")));
                }
            } else if (section.mentions("port") && !unusable) {
                readAddressWithoutPort(text, options);
            }
        }

        /** Reads {@code port: null}, which leaves it to {@code bind_address} to say everything. */
        private void readAddressWithoutPort(@Nullable String text, BindOptions options) {
            BindAddress address = text == null ? null : BindLine.parse(text);
            if (address == null) {
                problems.error(section.where("port"), "is null, and bind_address has no port", "0..65535");
            } else {
                binds.add(new Bind(address.with(options), section.where("bind_address")));
            }
        }

        private void readLines() {
            section.lines("listen").forEach(this::takeListen);
            section.lines("backend").forEach(this::takeBackend);
            section.lines("frontend").forEach(line -> takeFrontend(line, frontendRules));
            if (section.node("server_options") instanceof Scalar scalar) {
                Where where = section.where("server_options");
                lines.applyServerOptions(Line.of(withoutTemplates(scalar.text(), where), where, problems), problems);
            } else if (section.has("server_options")) {
                problems.error(section.where("server_options"), "is not a text", "the options of server lines");
            }
        }

        /** Takes a line that Synapse writes to the frontend and, if it may stand there, to the backend. */
        private void takeListen(Line line) {
            boolean ofBoth =
                    line.startsWith("tcp-request", "content") || line.startsWith("tcp-request", "inspect-delay");
            if (ofBoth) {
                backend.take(line);
            }
            takeFrontend(line, commonRules);
        }

        private void takeBackend(Line line) {
            if (!backend.take(line)) {
                take(line, backendRules);
            }
        }

        private void take(Line line, List<Line> ruleLines) {
            if (line.startsWith("acl")) {
                acls.define(line);
            }
            if (FrontendRules.isRuleLine(line)) {
                ruleLines.add(line);
            } else if (!rules.take(line)) {
                lines.apply(line, problems);
            }
        }

        private void takeFrontend(Line line, List<Line> ruleLines) {
            if (line.startsWith("bind") && !listens) {
                problems.warning(line.where(), "`" + line.text() + "`: has no effect without a port");
            } else if (line.startsWith("bind")) {
                BindLine.addresses(line, problems).forEach(address -> binds.add(new Bind(address, line.where())));
            } else if (line.startsWith("default_backend")) {
                problems.warning(
                        line.where(), "`" + line.text() + "`: has no effect: the service itself is the default");
            } else if (!frontend.take(line)) {
                take(line, ruleLines);
            }
        }

        /** Returns {@code options} with {@code %%} undone; the templates that name a member stay as they are. */
        private String withoutTemplates(String options, Where where) {
            String rest = options.replace("%%", "").replaceAll("%\\{(host|port|name)}", "");
            if (rest.contains("%")) {
                problems.error(where, options, "no template but %{host}, %{port} and %{name}");
            }
            return options.replace("%%", "%");
        }

        private Naming naming() {
            String method = section.text("cookie_value_method", "name|hash", "name or hash");
            return "hash".equals(method) ? Naming.HASH : Naming.NAME;
        }

        private Lineup lineup() {
            String name = section.text("backend_order");
            Lineup usual = top.lineup();
            if (name == null) {
                return usual;
            }
            Order order = switch (name) {
                case "asc" -> Order.ASCENDING;
                case "desc" -> Order.DESCENDING;
                case "no_shuffle" -> Order.AS_DELIVERED;
                default -> Order.SHUFFLED;
            };
            if (order == Order.SHUFFLED && !name.equals("shuffle")) {
                problems.warning(
                        section.where("backend_order"),
                        name + " is none of asc, desc and no_shuffle: members are shuffled");
            }
            return new Lineup(order, usual.seed(), usual.maxNumber());
        }
    }
}
