package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.haproxy.BindLine;
import io.myelin.config.haproxy.FrontendRules;
import io.myelin.config.haproxy.FrontendRules.Rule;
import io.myelin.config.haproxy.Line;
import io.myelin.config.reader.ListenerDraft.Bind;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.multi.MultiConfig;
import io.myelin.health.CheckConfig;
import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.http.HttpRules;
import io.myelin.model.Endpoint;
import io.myelin.model.Protocol;
import io.myelin.pool.Admission;
import io.myelin.pool.Lineup;
import io.myelin.pool.Marking;
import io.myelin.pool.MembershipRules;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.PortOverride;
import io.myelin.pool.Selection;
import io.myelin.pool.UpstreamConfig;
import io.myelin.server.BindAddress;
import io.myelin.server.BindOptions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one service. */
final class ServiceReader {
    /** The native keys that say what a {@code haproxy} section says too. */
    private static final List<String> INSTEAD_OF_HAPROXY = List.of(
            "port",
            "protocol",
            "balance",
            "sticky",
            "slow_start",
            "observe",
            "on_marked_down",
            "on_marked_up",
            "track",
            "check",
            "timeouts",
            "retries",
            "weights",
            "backup",
            "limits",
            "forwarded_for",
            "access",
            "delay",
            "accept_proxy",
            "tls",
            "send_proxy",
            "member_tls",
            "source_address",
            "tcp_keep_alive",
            "socket",
            "queue",
            "request_id",
            "via",
            "access_log",
            "order",
            "error_pages",
            "monitor");

    private static final List<String> WHERE_MEMBERS_ARE =
            List.of("discovery", "discovery_multi", "servers", "default_servers", "haproxy", "executable", "image");

    private static final Map<String, String> CONSEQUENCES = Map.of("nginx", "there is no nginx process to configure");

    private final String name;
    private final Section section;
    private final HaproxyTop top;
    private final AccessLogReader accessLog;
    private final Surroundings surroundings;
    private final Problems problems;

    ServiceReader(String name, Section section, HaproxyTop top, AccessLogReader accessLog, Surroundings surroundings) {
        this.name = name;
        this.section = section.has("haproxy") ? section.ofSynapse() : section;
        this.top = top;
        this.accessLog = accessLog;
        this.surroundings = surroundings;
        this.problems = section.problems();
    }

    /** Returns the service, {@code null} if it is switched off, or only announced and not consumed here. */
    @Nullable
    ServiceDraft read() {
        section.allowSections(ReplicaKeys.WHOLE_SERVICE);
        CONSEQUENCES.forEach((key, consequence) -> {
            if (section.has(key)) {
                problems.warning(section.whereKey(key), "not interpreted: " + consequence);
            }
        });
        if (section.has("announce") && WHERE_MEMBERS_ARE.stream().noneMatch(section::has)) {
            return null;
        }
        Section haproxySection = section.section("haproxy");
        HaproxyService haproxy = haproxySection == null ? null : HaproxyService.read(haproxySection, name, top);
        if (haproxy != null && haproxy.disabled()) {
            return null;
        }
        if (haproxy != null) {
            warnOfOverridden();
        }
        return draft(haproxy);
    }

    /** Returns the service that a section of HAProxy's configuration is by itself. */
    ServiceDraft ofSection(HaproxyService haproxy) {
        MembershipRules membership = new MembershipRules(
                haproxy.servers(),
                false,
                true,
                null,
                haproxy.settings().weight(),
                true,
                haproxy.settings().backup());
        return draft(haproxy, membership, FixedDiscovery.CONFIG);
    }

    private ServiceDraft draft(@Nullable HaproxyService haproxy) {
        if (NativeReplicas.is(section)) {
            return draft(haproxy, BindingPools.membership(List.of()), FixedDiscovery.CONFIG);
        }
        MembershipRules membership = membership(haproxy == null ? Settings.NATIVE : haproxy.settings(), haproxy);
        return draft(haproxy, membership, new DiscoveryReader(section, membership).read());
    }

    private ServiceDraft draft(
            @Nullable HaproxyService haproxy, MembershipRules membership, DiscoveryConfig discovery) {
        Settings baseline = haproxy == null ? Settings.NATIVE : haproxy.settings();
        Overrides overrides = new Overrides(section, Keys.TIMEOUTS, Keys.LIMITS);
        LifecycleConfig lifecycle = NativeReplicas.is(section) ? null : LifecycleReader.ofMembers(section);
        boolean several = discovery instanceof MultiConfig;
        Protocol stated = overrides.protocol(baseline.protocol());
        Replicated replicated = new NativeReplicas(name, section, surroundings).read(stated);
        Protocol protocol = replicated == null ? stated : NativeReplicas.protocol(replicated, stated);
        Line balanceLine = haproxy == null ? null : haproxy.balanceLine();
        UpstreamConfig upstream = new MemberTlsReader(section).read(overrides.upstream(baseline.upstream()), protocol);
        Line stickyLine = haproxy == null ? null : haproxy.stickyLine();
        CheckConfig check = check(baseline, upstream);
        boolean checked = check != null || section.has("check");
        Line observeLine = haproxy == null ? null : haproxy.observeLine();
        ObserveReader observe = new ObserveReader(section);
        PoolConfig pool = PoolConfig.named(name)
                .with()
                .alias(haproxy == null ? name : haproxy.alias())
                .balance(new BalanceReader(section).read(baseline.balance(), protocol, balanceLine))
                .sticky(new StickyReader(section).read(baseline.sticky(), protocol, stickyLine))
                .membership(several ? membership.whenFolded() : membership)
                .selection(
                        several
                                ? Selection.ALL
                                : new SelectionReader(problems).read(section, section.section("discovery")))
                .lineup(new OrderReader(section).read(haproxy == null ? Lineup.DEFAULT : haproxy.lineup()))
                .allBackups(baseline.allBackups())
                .upstream(upstream)
                .admission(admission(overrides.admission(baseline.admission()), lifecycle))
                .access(haproxy == null ? null : haproxy.access())
                .queue(overrides.queue(baseline.queue()))
                .observe(observe.read(baseline.observe(), protocol, checked, observeLine))
                .marking(marking(observe.marking(baseline.marking()), replicated, lifecycle))
                .disabled(baseline.disabled())
                .build();
        List<Line> sharedLines = haproxy == null ? List.of() : haproxy.sharedLines();
        List<NativeRoute> routes = new RoutesReader(name, problems).read(section);
        if (protocol == Protocol.TCP && !routes.isEmpty()) {
            problems.error(
                    section.whereKey("routes"), "tell requests apart, and the service speaks TCP", "protocol: http");
        }
        HttpRules own = new MessageRulesReader(section).read();
        if (protocol == Protocol.TCP && !own.isEmpty()) {
            problems.error(section.where(), "has rules for requests, and the service speaks TCP", "protocol: http");
        }
        return new ServiceDraft(
                name,
                haproxy == null ? name : haproxy.alias(),
                section.where(),
                discovery,
                pool,
                check,
                TrackDraft.read(section, checked, haproxy),
                listener(protocol, baseline, overrides, haproxy, replicated),
                rules(protocol, haproxy),
                routes,
                sharedLines,
                messageRules(own, protocol, haproxy),
                lifecycle,
                replicated);
    }

    private @Nullable CheckConfig check(Settings baseline, UpstreamConfig upstream) {
        if (section.has("check")) {
            return new CheckReader(problems).read(section, upstream.sendProxy(), upstream.tls());
        }
        CheckConfig check = baseline.check();
        return check == null ? null : check.with().tls(upstream.tls()).build();
    }

    private static Marking marking(
            Marking otherwise, @Nullable Replicated replicated, @Nullable LifecycleConfig ofMembers) {
        LifecycleConfig lifecycle =
                replicated == null ? ofMembers : replicated.config().lifecycle();
        boolean demotes = replicated != null || (lifecycle != null && lifecycle.probes());
        return lifecycle == null || !demotes ? otherwise : BindingPools.marking(lifecycle, otherwise);
    }

    /** Returns when members take work: those that are probed, and our own replicas, once a probe has passed. */
    private Admission admission(Admission admission, @Nullable LifecycleConfig lifecycle) {
        boolean proven = NativeReplicas.is(section) || (lifecycle != null && lifecycle.probes());
        return proven ? admission.proven() : admission;
    }

    private MembershipRules membership(Settings baseline, @Nullable HaproxyService haproxy) {
        String weights = section.text("weights", "registry|equal", "registry or equal");
        boolean registryWeights = weights == null ? baseline.registryWeights() : weights.equals("registry");
        PortOverride portOverride = PortOverrides.read(section, "backend_port_override");
        if (portOverride == null && haproxy != null) {
            portOverride = haproxy.portOverride();
        }
        return new MembershipRules(
                endpoints(haproxy == null || registryWeights),
                section.flag("keep_default_servers", false),
                section.flag("use_previous_backends", true),
                portOverride,
                baseline.weight(),
                registryWeights,
                section.flag("backup", baseline.backup()));
    }

    private List<Endpoint> endpoints(boolean useWeights) {
        if (section.has("servers") && section.has("default_servers")) {
            problems.error(section.whereKey("servers"), "is another name of default_servers", "one of them");
        }
        String key = section.has("servers") ? "servers" : "default_servers";
        return new ServersReader(useWeights, problems).read(section, key);
    }

    /** Returns what the service's own frontend lines send to other services. */
    private List<Rule> rules(Protocol protocol, @Nullable HaproxyService haproxy) {
        List<Rule> rules = haproxy == null ? List.of() : haproxy.rules().rules();
        return protocol == Protocol.HTTP ? rules : FrontendRules.ofConnections(rules, "service", problems);
    }

    /** Returns what is done to the service's messages: what its own keys say, then what its lines say. */
    private HttpRules messageRules(HttpRules own, Protocol protocol, @Nullable HaproxyService haproxy) {
        if (haproxy == null) {
            return own;
        }
        if (protocol == Protocol.HTTP) {
            return own.and(haproxy.messageLines().serviceRules());
        }
        haproxy.messageLines().reportWithoutEffect(problems);
        return HttpRules.NONE;
    }

    private @Nullable ListenerDraft listener(
            Protocol protocol,
            Settings baseline,
            Overrides overrides,
            @Nullable HaproxyService haproxy,
            @Nullable Replicated replicated) {
        BindOptions options =
                new AccessReader(section).bindOptions(haproxy == null ? BindOptions.DEFAULT : haproxy.bindOptions());
        List<Bind> binds =
                section.has("port") ? nativeBinds(haproxy, options) : haproxy == null ? List.of() : haproxy.binds();
        if (haproxy != null && section.has("tls") && !section.has("port")) {
            binds = binds.stream().map(bind -> bind.withTls(options.tls())).toList();
        }
        if (replicated != null && binds.isEmpty()) {
            binds = NativeReplicas.binds(replicated, top.bindHost(), options);
        }
        ListenerDraft listener = new ListenerDraft(
                name,
                section.where(),
                binds,
                protocol,
                List.of(),
                name,
                overrides.clientTimeout(baseline.clientTimeout()),
                overrides.client(baseline.client()),
                new AccessReader(section)
                        .intake(
                                haproxy == null ? Intake.DEFAULT : haproxy.intake(),
                                overrides.clientKeepAlive(baseline.clientKeepAlive())),
                overrides.maxConnections(baseline.maxConnections()),
                haproxy == null || protocol == Protocol.TCP
                        ? HttpRules.NONE
                        : haproxy.messageLines().listenerRules(),
                accessLog.read(section, baseline.accessLog()));
        if (binds.isEmpty()) {
            return null;
        }
        return listener;
    }

    private List<Bind> nativeBinds(@Nullable HaproxyService haproxy, BindOptions options) {
        String expected = "0..65535, ADDRESS:PORT, or the path of a Unix socket";
        Scalar scalar = section.scalar("port", expected);
        if (scalar == null) {
            return List.of();
        }
        String host = haproxy == null ? top.bindHost() : haproxy.bindHost();
        String text = scalar.text();
        boolean bare = text.matches("\\d{1,9}");
        Integer port = bare ? section.number("port", 0, 65_535) : null;
        BindAddress address = port != null ? new BindAddress(host, port) : bare ? null : BindLine.parse(text);
        if (address == null && !bare) {
            problems.error(section.where("port"), text, expected);
        }
        return address == null ? List.of() : List.of(new Bind(address.with(options), section.where("port")));
    }

    private void warnOfOverridden() {
        for (String key : INSTEAD_OF_HAPROXY) {
            if (section.has(key)) {
                problems.warning(
                        section.whereKey(key),
                        "is used instead of what haproxy says at "
                                + section.whereKey("haproxy").place());
            }
        }
    }
}
