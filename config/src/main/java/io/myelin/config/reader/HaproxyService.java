package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.BindLine;
import io.myelin.config.haproxy.FrontendRules;
import io.myelin.config.haproxy.Line;
import io.myelin.config.haproxy.ProxySection;
import io.myelin.config.reader.ListenerDraft.Bind;
import io.myelin.server.BindAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code haproxy} section of a service.
 *
 * @param settings what its lines come to, on top of the defaults
 * @param balanceLine the line of its own that says how a member is chosen
 * @param disabled whether the service is not to be served at all
 * @param alias what {@code use_backend} lines call the service
 * @param bindHost where it listens
 * @param binds its addresses, none if it listens nowhere
 * @param rules what its frontend lines send to other services
 * @param sharedLines what it adds to the shared frontend
 * @param portOverride the old name of {@code backend_port_override}
 */
record HaproxyService(
        Settings settings,
        @Nullable Line balanceLine,
        boolean disabled,
        String alias,
        String bindHost,
        List<Bind> binds,
        FrontendRules rules,
        List<Line> sharedLines,
        @Nullable Integer portOverride) {

    static HaproxyService read(Section section, String service, HaproxyTop top) {
        return new Reading(section, top).read(service);
    }

    /** One reading of one section. */
    private static final class Reading {
        private final Section section;
        private final HaproxyTop top;
        private final Problems problems;
        private final ProxySection lines;
        private final FrontendRules rules;
        private final List<Bind> binds = new ArrayList<>();

        Reading(Section section, HaproxyTop top) {
            this.section = section;
            this.top = top;
            this.problems = section.problems();
            this.lines = new ProxySection(top.defaults());
            this.rules = new FrontendRules(problems);
        }

        HaproxyService read(String service) {
            section.allow(Keys.HAPROXY_SERVICE);
            String bindHost = bindHost();
            readPort(bindHost);
            readLines();
            reportWithoutEffect();
            boolean weights = section.flag("use_nerve_weights", top.useNerveWeights());
            String alias = section.text("backend_name");
            return new HaproxyService(
                    Settings.of(lines, weights, lines.accessLog(top.logs(), problems)),
                    lines.balanceLine(),
                    section.flag("disabled", false),
                    alias == null ? service : alias,
                    bindHost,
                    binds,
                    rules,
                    section.lines("shared_frontend"),
                    section.number("server_port_override", 1, 65_535));
        }

        /** Returns the host to listen on; the address of a socket of another kind is not one. */
        private String bindHost() {
            String text = section.text("bind_address");
            if (text != null && BindLine.namesAnotherFamily(text)) {
                problems.warning(section.where("bind_address"), text + " is not an IP address: nothing listens there");
                return top.bindHost();
            }
            return section.has("port") || text == null || BindLine.parse(text) == null
                    ? HaproxyTop.bindHost(section, top.bindHost())
                    : top.bindHost();
        }

        private void readPort(String bindHost) {
            String text = section.text("bind_address");
            boolean unusable = text != null && BindLine.namesAnotherFamily(text);
            if (section.has("port")) {
                Integer port = section.number("port", 0, 65_535);
                if (port != null && !unusable) {
                    binds.add(new Bind(new BindAddress(bindHost, port), section.where("port")));
                }
            } else if (section.mentions("port") && !unusable) {
                readAddressWithoutPort(text);
            }
            if (section.mentions("port") && section.has("bind_options")) {
                section.lines("bind_options").forEach(line -> BindLine.reportOptions(line, line.words(), problems));
            }
        }

        /** Reads {@code port: null}, which leaves it to {@code bind_address} to say everything. */
        private void readAddressWithoutPort(@Nullable String text) {
            BindAddress address = text == null ? null : BindLine.parse(text);
            if (address == null) {
                problems.error(section.where("port"), "is null, and bind_address has no port", "0..65535");
            } else {
                binds.add(new Bind(address, section.where("bind_address")));
            }
        }

        private void readLines() {
            section.lines("listen").forEach(this::takeFrontend);
            section.lines("backend").forEach(this::take);
            section.lines("frontend").forEach(this::takeFrontend);
            if (section.node("server_options") instanceof Scalar scalar) {
                Where where = section.where("server_options");
                lines.applyServerOptions(Line.of(withoutTemplates(scalar.text(), where), where, problems), problems);
            } else if (section.has("server_options")) {
                problems.error(section.where("server_options"), "is not a text", "the options of server lines");
            }
        }

        private void take(Line line) {
            if (line.startsWith("acl") || line.startsWith("use_backend")) {
                rules.take(line);
            } else {
                lines.apply(line, problems);
            }
        }

        private void takeFrontend(Line line) {
            if (line.startsWith("bind") && !section.mentions("port")) {
                problems.warning(line.where(), "`" + line.text() + "`: has no effect without a port");
            } else if (line.startsWith("bind")) {
                BindLine.addresses(line, problems).forEach(address -> binds.add(new Bind(address, line.where())));
            } else if (line.startsWith("default_backend")) {
                problems.warning(
                        line.where(), "`" + line.text() + "`: has no effect: the service itself is the default");
            } else {
                take(line);
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

        private void reportWithoutEffect() {
            for (String key : List.of("backend_order", "cookie_value_method")) {
                if (section.has(key)) {
                    problems.warning(section.whereKey(key), "not interpreted: it has no effect");
                }
            }
        }
    }
}
