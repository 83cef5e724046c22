package io.myelin.config.reader;

import io.myelin.config.DevelopmentTls;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import io.myelin.config.reader.ListenerDraft.Bind;
import io.myelin.config.reader.NativeRoute.Rank;
import io.myelin.config.reader.Section.Item;
import io.myelin.failure.Failure;
import io.myelin.health.replica.ReplicaBinding;
import io.myelin.http.ClientConfig;
import io.myelin.http.ErrorPage;
import io.myelin.http.HttpRules;
import io.myelin.log.AccessConfig;
import io.myelin.model.Protocol;
import io.myelin.route.Condition;
import io.myelin.route.Condition.Part;
import io.myelin.route.Condition.Text;
import io.myelin.route.Match;
import io.myelin.server.BindAddress;
import io.myelin.tls.TlsConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads {@code ingress}: HTTP listeners whose rules lead to services by path and host. */
final class TyeIngressReader {
    /** The longer path wins, and of two that are alike the one that names the host. */
    private static final Comparator<NativeRoute> MOST_TELLING_FIRST = Comparator.comparing(
            NativeRoute::rank,
            Comparator.comparingInt(Rank::path).thenComparingInt(Rank::host).reversed());

    /** What clients of Tye's ingress are told: nothing is there, or nobody. */
    private static final ClientConfig CLIENTS = ClientConfig.DEFAULT
            .with()
            .via("myelin")
            .statuses(Map.of(Failure.NO_ROUTE, 404, Failure.NO_MEMBER, 502))
            .errorPages(Map.of(
                    502, ErrorPage.of("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain\r\n\r\nBad gateway")))
            .build();

    private static final String IPS = "\"ip\" value must be an IP address, \"*\" or \"localhost\"";
    private static final String HTTP = "http";
    private static final String HTTPS = "https";
    private static final List<String> WITHOUT_EFFECT = List.of("tags", "replicas");

    private final List<Replicated> services;
    private final Targets targets;
    private final @Nullable AccessConfig accessLog;
    private final Problems problems;
    private final Set<String> hosts = new TreeSet<>();

    /**
     * @param services to which rules may lead
     * @param accessLog what is logged, {@code null} for nothing
     */
    TyeIngressReader(List<Replicated> services, Targets targets, @Nullable AccessConfig accessLog, Problems problems) {
        this.services = services;
        this.targets = targets;
        this.accessLog = accessLog;
        this.problems = problems;
    }

    List<ListenerDraft> read(List<Section> sections) {
        return sections.stream().map(this::ingress).toList();
    }

    /** Returns the hosts that were read, which a certificate for the listeners would name. */
    Set<String> hosts() {
        return hosts;
    }

    private ListenerDraft ingress(Section section) {
        String name = section.text("name");
        if (name == null) {
            problems.error(section.where(), "has no name", "a name");
        }
        Section ingress =
                name == null ? section : section.at(new Where(section.where().place(), "ingress." + name, ""));
        Dialect.TYE.allow(ingress, TyeKeys.INGRESS);
        for (String key : WITHOUT_EFFECT) {
            if (ingress.has(key)) {
                problems.warning(ingress.whereKey(key), "has no effect: one listener takes all requests");
            }
        }
        List<NativeRoute> rules = rules(ingress);
        return new ListenerDraft(
                name == null ? ingress.where().key() : name,
                ingress.where(),
                binds(ingress),
                Protocol.HTTP,
                rules.stream().map(NativeRoute::route).toList(),
                null,
                Duration.ZERO,
                CLIENTS,
                Intake.DEFAULT,
                0,
                HttpRules.NONE,
                rules.stream().map(NativeRoute::rules).toList(),
                accessLog);
    }

    private List<Bind> binds(Section ingress) {
        List<Bind> binds = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<Item> items = ingress.items("bindings");
        if (items.isEmpty()) {
            problems.warning(ingress.where(), "takes no traffic: it has no bindings");
        }
        for (Item item : items) {
            Section binding = Section.of(item.node(), item.where(), problems);
            if (binding != null) {
                binds.add(bind(binding, items.size() > 1, names));
            }
        }
        return binds;
    }

    private Bind bind(Section binding, boolean several, Set<String> names) {
        Dialect.TYE.allow(binding, TyeKeys.INGRESS_BINDING);
        String name = binding.text("name");
        if (several && name == null) {
            problems.error(binding.where(), "has no name, and the ingress has several bindings", "a name for each");
        } else if (name != null && !names.add(name)) {
            problems.error(binding.where("name"), "another binding is named " + name, "a name of its own");
        }
        Integer port = Dialect.TYE.port(binding, "port");
        String protocol = binding.text("protocol", "http|https", "http or https");
        String ip = binding.text("ip");
        String host = ListenHost.LOOPBACK;
        if (ip != null && (ip.equals(ListenHost.EVERYWHERE) || ListenHost.isAddress(ip))) {
            host = ip;
        } else if (ip != null && !ip.equalsIgnoreCase("localhost")) {
            problems.error(binding.where("ip"), IPS, "such as 127.0.0.1");
        }
        if (!ListenHost.isHere(host)) {
            hosts.add(host);
        }
        BindAddress address = new BindAddress(host, port == null ? 0 : port);
        TlsConfig given = new CertificateReader(binding).read(protocol == null ? HTTP : protocol);
        boolean encrypted = HTTPS.equals(protocol);
        TlsConfig tls = encrypted && given == null ? DevelopmentTls.PENDING : given;
        return new Bind(address.with(address.options().withTls(tls)), binding.where("port"));
    }

    private List<NativeRoute> rules(Section ingress) {
        List<NativeRoute> rules = new ArrayList<>();
        for (Item item : ingress.items("rules")) {
            Section rule = Section.of(item.node(), item.where(), problems);
            NativeRoute read = rule == null ? null : rule(rule);
            if (read != null) {
                rules.add(read);
            }
        }
        Map<Rule, NativeRoute> seen = new HashMap<>();
        List<NativeRoute> ordered = rules.stream().sorted(MOST_TELLING_FIRST).toList();
        for (NativeRoute rule : ordered) {
            NativeRoute first = seen.putIfAbsent(new Rule(rule.when(), rule.rank()), rule);
            if (first != null) {
                problems.error(
                        rule.where(),
                        "takes the same requests as the rule for " + first.service() + " at "
                                + first.where().place(),
                        "another path or host");
            }
        }
        return ordered;
    }

    private record Rule(Condition when, Rank rank) {}

    private @Nullable NativeRoute rule(Section rule) {
        Dialect.TYE.allow(rule, TyeKeys.INGRESS_RULE);
        boolean preservesPath = rule.flag("preservePath", false);
        String service = rule.text("service");
        String path = rule.text("path", "/\\S*", "a path that begins with /");
        String host = rule.text("host", "(\\*\\.)?[^\\s*/]+(:\\*)?|\\*", "a host name, *.example.com or host:port");
        if (service == null) {
            problems.error(rule.where(), "has no service", "the name of a service");
            return null;
        }
        String name = service.toLowerCase(Locale.ROOT);
        String known = targets.resolve(name, rule.where("service"), "");
        String pool = known == null ? null : poolOf(known, rule.where("service"));
        if (pool == null) {
            return null;
        }
        String prefix = path == null ? "" : path.replaceFirst("/+$", "");
        String wanted = host == null || host.equals("*") ? "" : host.replaceFirst(":\\*$", "");
        List<Condition> conditions = new ArrayList<>();
        if (!wanted.isEmpty()) {
            hosts.add(wanted.replaceFirst(":\\d+$", ""));
            conditions.add(RoutesReader.hostCondition(wanted));
        }
        if (!prefix.isEmpty()) {
            conditions.add(new Text(Part.PATH, Match.SEGMENTS, true, List.of(prefix)));
        }
        Condition when = conditions.size() == 1 ? conditions.get(0) : new Condition.All(conditions);
        Rank rank = new Rank(RoutesReader.hostRank(wanted.isEmpty() ? null : wanted), prefix.length(), 0);
        HttpRules rules = RouteRules.of(preservesPath ? "" : prefix, authorityOf(pool));
        return new NativeRoute(null, when, rank, pool, rules, rule.where());
    }

    /** Returns what members are asked for instead of what the client asked for, empty if nothing is known. */
    private String authorityOf(String pool) {
        return services.stream()
                .flatMap(service -> service.bindings().stream())
                .map(BindingDraft::binding)
                .filter(binding -> binding.pool().equals(pool))
                .map(binding -> (binding.host().isEmpty() ? "localhost" : binding.host())
                        + (binding.port() == null ? "" : ":" + binding.port()))
                .findFirst()
                .orElse("");
    }

    /** Returns the pool of the first binding that speaks HTTP, or does not say what it speaks, or speaks HTTPS. */
    private @Nullable String poolOf(String service, Where where) {
        Replicated target = services.stream()
                .filter(other -> other.config().name().equals(service))
                .findFirst()
                .orElse(null);
        if (target == null) {
            return service;
        }
        for (String protocol : List.of(HTTP, "", HTTPS)) {
            for (ReplicaBinding binding : target.config().bindings()) {
                if (binding.spoken().equals(protocol) && (!target.external() || binding.port() != null)) {
                    return binding.pool();
                }
            }
        }
        problems.error(where, service + " has no binding that speaks http", "one with protocol: http or https");
        return null;
    }
}
