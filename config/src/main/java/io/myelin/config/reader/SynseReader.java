package io.myelin.config.reader;

import io.myelin.config.SynseConfig;
import io.myelin.config.SynseConfig.Logging;
import io.myelin.config.SynseConfig.PassThrough;
import io.myelin.config.document.Mapping;
import io.myelin.config.document.Place;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.BindLine;
import io.myelin.config.reader.Section.Item;
import io.myelin.config.reader.SynseTlsReader.Identity;
import io.myelin.discovery.kubernetes.KubernetesConfig;
import io.myelin.health.plugin.PluginAddress;
import io.myelin.health.plugin.PluginConfig;
import io.myelin.server.BindAddress;
import io.myelin.tls.TlsConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads Synse's keys, over which environment variables count. */
final class SynseReader {
    private static final String TCP = "(\\[[0-9a-fA-F:.%]+]|[^\\s:/,\\[\\]]+):\\d{1,5}";
    private static final int LAST_PORT = 65_535;

    private final Section section;
    private final Claims claims;
    private final SynseValues values = new SynseValues();

    private SynseReader(Section section, Claims claims) {
        this.section = section;
        this.claims = claims;
    }

    /**
     * Returns what files and environment say, {@code null} if they say nothing of plugins or cannot be used.
     *
     * @param files what the files say
     * @param alone whether there are no files at all, so that variables are enough
     */
    static @Nullable SynseConfig read(
            SynseFiles files, boolean alone, Surroundings surroundings, Claims claims, Problems problems) {
        SynseVariables variables = surroundings.synse();
        Section said = files.section();
        Section section = said != null || !alone ? said : ofVariables(variables, problems);
        if (section == null) {
            reportUnused(variables, problems);
            return null;
        }
        variables.reportUnknown(problems);
        SynseConfig config = new SynseReader(section.over(variables::over), claims).read();
        return problems.broke(SynseConfig.NAME) ? null : config;
    }

    private static @Nullable Section ofVariables(SynseVariables variables, Problems problems) {
        Place place = Place.wholeOf("environment");
        Mapping none = new Mapping(place, List.of(), List.of());
        return variables.sayAnything() ? new Section(none, new Where(place, "", SynseConfig.NAME), problems) : null;
    }

    private static void reportUnused(SynseVariables variables, Problems problems) {
        for (String name : variables.names()) {
            problems.warning(
                    new Where(Place.wholeOf(name), "", SynseConfig.NAME),
                    "has no effect: no file is one of Synse's or has a section synse");
        }
    }

    private SynseConfig read() {
        section.allow(SynseKeys.TOP);
        Logging logging = logging();
        boolean prettyJson = values.put("pretty_json", section.flag("pretty_json", true));
        Section plugin = part(section, "plugin", SynseKeys.PLUGIN);
        List<PluginAddress> configured = configured(plugin);
        KubernetesConfig kubernetes = SynseKubernetes.read(plugin, values);
        Section cache = part(section, "cache", SynseKeys.CACHE);
        Section device = part(cache, "device", SynseKeys.CACHE_DEVICE);
        Duration rebuild =
                seconds(device, "rebuild_every", "cache.device.rebuild_every", SynseConfig.DEFAULT_DEVICE_REBUILD);
        Duration refresh = refresh(device, part(cache, "plugin", SynseKeys.CACHE_PLUGIN));
        Duration ttl = seconds(
                part(cache, "transaction", SynseKeys.CACHE_TRANSACTION),
                "ttl",
                "cache.transaction.ttl",
                SynseConfig.DEFAULT_TRANSACTION_TTL);
        Section grpc = part(section, "grpc", SynseKeys.GRPC);
        Duration timeout = seconds(grpc, "timeout", "grpc.timeout", PluginConfig.DEFAULT_TIMEOUT);
        PluginConfig plugins = new PluginConfig(
                configured,
                refresh,
                timeout,
                new SynseTlsReader(values).plugins(part(grpc, "tls", SynseKeys.GRPC_TLS)));
        TlsConfig tls = new SynseTlsReader(values).listener(part(section, "ssl", SynseKeys.CERTIFICATE), "ssl");
        Section metrics = part(section, "metrics", SynseKeys.METRICS);
        boolean measured = values.put("metrics.enabled", metrics != null && metrics.flag("enabled", false));
        BindAddress address = address();
        return new SynseConfig(
                address,
                tls,
                prettyJson,
                measured,
                logging,
                plugins,
                kubernetes,
                rebuild,
                ttl,
                passThrough(),
                values.tree());
    }

    private Logging logging() {
        String text = section.text("logging");
        Logging logging = Logging.DEBUG;
        if (text != null) {
            Logging named = Stream.of(Logging.values())
                    .filter(each -> each.name().equalsIgnoreCase(text.strip()))
                    .findFirst()
                    .orElse(null);
            if (named == null) {
                section.problems().error(section.where("logging"), text, "debug, info, warning, error or critical");
            } else {
                logging = named;
            }
        }
        values.put("logging", logging.name().toLowerCase(Locale.ROOT));
        return logging;
    }

    private List<PluginAddress> configured(@Nullable Section plugin) {
        List<String> tcp = plugin == null ? List.of() : list(plugin, "tcp");
        List<String> unix = plugin == null ? List.of() : list(plugin, "unix");
        values.put("plugin.tcp", tcp);
        values.put("plugin.unix", unix);
        Function<String, PluginAddress> ofTcp = PluginAddress::tcp;
        return Stream.concat(tcp.stream().map(ofTcp), unix.stream().map(PluginAddress::unix))
                .distinct()
                .toList();
    }

    /** Returns the texts of a list, each of which may hold several with commas between them. */
    private static List<String> list(Section plugin, String key) {
        List<String> texts = new ArrayList<>();
        for (Item item : plugin.items(key)) {
            if (!(item.node() instanceof Scalar scalar)) {
                plugin.problems().error(item.where(), "is " + item.node().kind(), forms(key));
                continue;
            }
            for (String each : scalar.text().split(",", -1)) {
                String text = each.strip();
                if (key.equals("tcp") ? usable(text) : !text.isEmpty() && text.indexOf('\0') < 0) {
                    texts.add(text);
                } else if (!text.isEmpty() || scalar.text().isBlank()) {
                    plugin.problems().error(item.where(), text.isEmpty() ? "is empty" : text, forms(key));
                }
            }
        }
        return texts;
    }

    private static boolean usable(String address) {
        if (!address.matches(TCP)) {
            return false;
        }
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        return port > 0 && port <= LAST_PORT;
    }

    private static String forms(String key) {
        return key.equals("tcp")
                ? "HOST:PORT"
                : "the name of a socket in " + PluginAddress.SOCKET_DIRECTORY + ", or its path";
    }

    private Duration refresh(@Nullable Section device, @Nullable Section plugin) {
        String key = "refresh_every";
        boolean stated = plugin != null && plugin.has(key);
        if (!stated && device != null && device.has(key)) {
            return seconds(device, key, "cache.plugin.refresh_every", PluginConfig.DEFAULT_REFRESH);
        }
        return seconds(plugin, key, "cache.plugin.refresh_every", PluginConfig.DEFAULT_REFRESH);
    }

    private Duration seconds(@Nullable Section from, String key, String path, Duration otherwise) {
        Duration stated = from == null ? null : SynseSeconds.read(from, key);
        return values.put(path, stated == null ? otherwise : stated);
    }

    private BindAddress address() {
        BindAddress address = SynseConfig.DEFAULT_ADDRESS;
        if (section.has("address")) {
            BindAddress stated = bind(section, "address");
            if (stated != null) {
                address = stated;
                values.put("address", address.toString());
            }
        }
        claims.take("synse", address, section.where("address"));
        return address;
    }

    private @Nullable PassThrough passThrough() {
        Section stated = part(section, "pass_through", SynseKeys.PASS_THROUGH);
        if (stated == null) {
            return null;
        }
        Integer port = stated.number("port", 1, LAST_PORT);
        BindAddress address =
                port != null ? new BindAddress(SynseConfig.DEFAULT_ADDRESS.host(), port) : bind(stated, "address");
        if (stated.has("port") == stated.has("address")) {
            stated.problems().error(stated.where(), "has port and address, or neither", "one of them");
        }
        if (address == null) {
            return null;
        }
        claims.take("synse.pass_through", address, stated.where(port == null ? "address" : "port"));
        values.put("pass_through.address", address.toString());
        Identity identity =
                new SynseTlsReader(values).identity(part(stated, "tls", SynseKeys.CERTIFICATE), "pass_through.tls");
        return identity == null
                ? new PassThrough(address, null, null)
                : new PassThrough(address, identity.certificate(), identity.key());
    }

    private static @Nullable BindAddress bind(Section from, String key) {
        String text = from.text(key);
        BindAddress address = text == null ? null : BindLine.parse(text);
        if (text != null && (address == null || address.unix())) {
            from.problems().error(from.where(key), text, "ADDRESS:PORT, such as 0.0.0.0:5000");
            return null;
        }
        return address;
    }

    private static @Nullable Section part(@Nullable Section whole, String key, Keys keys) {
        Section part = whole == null ? null : whole.section(key);
        if (part != null) {
            part.allow(keys);
        }
        return part;
    }
}
