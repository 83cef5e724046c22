package io.myelin.health.replica;

import io.myelin.health.replica.ConnectionString.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the replicas of an application are told by their environment: where every service of it is, and where they are
 * to listen themselves. The names are Tye's. Immutable.
 *
 * <p>What a service's own {@code environment} says counts more than what is computed, except for {@code PORT} and
 * {@code APP_INSTANCE}, on which routing and probing rely.
 */
public final class ApplicationEnvironment {
    /** How a container reaches the host it runs on. */
    public static final String CONTAINER_HOST = "host.docker.internal";

    private static final String LOCALHOST = "localhost";
    private static final String HTTP = "http";
    private static final String HTTPS = "https";

    private final List<ReplicatedConfig> services;
    private final Map<String, Integer> externalPorts;
    private final Function<String, @Nullable String> shell;

    /**
     * @param services the whole application, with unique names
     * @param externalPorts on which listeners are bound, by pool; what is missing has the port of its binding
     * @param shell returns a variable of this process, {@code null} if it is not set
     */
    public ApplicationEnvironment(
            List<ReplicatedConfig> services,
            Map<String, Integer> externalPorts,
            Function<String, @Nullable String> shell) {
        this.services = List.copyOf(services);
        this.externalPorts = Map.copyOf(externalPorts);
        this.shell = shell;
    }

    /**
     * Returns the variables of one replica, beside those that this process has itself.
     *
     * @param service one of the application's
     * @param replica the replica's name
     * @param ports where it is to listen, in the order of the bindings
     */
    public Map<String, String> of(ReplicatedConfig service, String replica, List<Integer> ports) {
        boolean contained = service.launch() instanceof Launch.Container;
        Map<String, String> variables = development();
        services.forEach(other -> tell(other, contained ? CONTAINER_HOST : LOCALHOST, variables));
        ownAddresses(service, ports, contained, variables);
        variables.putAll(service.environment());
        if (!service.bindings().isEmpty()) {
            variables.put("PORT", joined(ownPorts(service, ports, contained)));
        }
        variables.put("APP_INSTANCE", replica);
        return variables;
    }

    private static Map<String, String> development() {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String prefix : List.of("DOTNET", "ASPNETCORE")) {
            variables.put(prefix + "_ENVIRONMENT", "Development");
            variables.put(prefix + "_LOGGING__CONSOLE__DISABLECOLORS", "true");
        }
        return variables;
    }

    private void tell(ReplicatedConfig service, String here, Map<String, String> variables) {
        for (ReplicaBinding binding : service.bindings()) {
            if (binding.connectionString().isEmpty()) {
                tellAddress(service, binding, here, variables);
            } else {
                variables.put(
                        variable("CONNECTIONSTRINGS", "__", service, binding, ""),
                        ConnectionString.of(binding.connectionString())
                                .filled(token -> valueOf(token, service, binding, here)));
            }
        }
    }

    private void tellAddress(
            ReplicatedConfig service, ReplicaBinding binding, String here, Map<String, String> variables) {
        String protocol = binding.protocol();
        String host = hostOf(binding, here);
        Integer port = portOf(binding);
        if (!protocol.isEmpty()) {
            tell(service, binding, "PROTOCOL", protocol, variables);
        }
        tell(service, binding, "HOST", host, variables);
        if (port != null) {
            tell(service, binding, "PORT", port.toString(), variables);
        }
        if (!protocol.isEmpty() && port != null) {
            String name = variable("", "_", service, binding, "_SERVICE_ENDPOINT");
            variables.put(name, protocol + "://" + bracketed(host) + ":" + port);
        }
    }

    private static void tell(
            ReplicatedConfig service,
            ReplicaBinding binding,
            String what,
            String value,
            Map<String, String> variables) {
        variables.put(variable("SERVICE", "__", service, binding, "__" + what), value);
        variables.put(variable("", "_", service, binding, "_SERVICE_" + what), value);
    }

    /** Returns a name such as {@code SERVICE__WEB__ADMIN__PORT}. */
    private static String variable(
            String prefix, String separator, ReplicatedConfig service, ReplicaBinding binding, String suffix) {
        String begin = prefix.isEmpty() ? "" : prefix + separator;
        String part = binding.name().isEmpty() ? "" : separator + binding.name();
        return begin + (service.name() + part).toUpperCase(Locale.ROOT) + suffix;
    }

    private void ownAddresses(
            ReplicatedConfig service, List<Integer> ports, boolean contained, Map<String, String> variables) {
        List<Integer> own = ownPorts(service, ports, contained);
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            String protocol = service.bindings().get(i).spoken();
            if (protocol.isEmpty() || protocol.equals(HTTP) || protocol.equals(HTTPS)) {
                String host = contained ? "*" : LOCALHOST;
                urls.add((protocol.isEmpty() ? HTTP : protocol) + "://" + host + ":" + own.get(i));
            }
        }
        if (!urls.isEmpty()) {
            variables.put("ASPNETCORE_URLS", String.join(";", urls));
        }
        service.bindings().stream()
                .filter(binding -> binding.protocol().equals(HTTPS) && portOf(binding) != null)
                .limit(1)
                .forEach(binding -> variables.put("HTTPS_PORT", String.valueOf(portOf(binding))));
        if (contained && !own.isEmpty()) {
            variables.put("PROXY_PORT", pairs(service, own));
            variables.put("CONTAINER_HOST", CONTAINER_HOST);
        }
    }

    /** Returns the ports on which a replica listens as it sees them itself. */
    private static List<Integer> ownPorts(ReplicatedConfig service, List<Integer> ports, boolean contained) {
        List<Integer> own = new ArrayList<>();
        for (int i = 0; i < Math.min(ports.size(), service.bindings().size()); i++) {
            Integer inside = service.bindings().get(i).containerPort();
            own.add(contained && inside != null ? inside : ports.get(i));
        }
        return own;
    }

    private String pairs(ReplicatedConfig service, List<Integer> own) {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            Integer external = portOf(service.bindings().get(i));
            pairs.add(own.get(i) + ":" + (external == null ? own.get(i) : external));
        }
        return String.join(";", pairs);
    }

    private static String joined(List<Integer> ports) {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(";"));
    }

    private String valueOf(Token token, ReplicatedConfig service, ReplicaBinding binding, String here) {
        String variable = token.variable();
        if (!variable.isEmpty()) {
            String own = service.environment().get(variable);
            return own != null ? own : orEmpty(shell.apply(variable));
        }
        ReplicaBinding asked = token.service().isEmpty() ? binding : find(token);
        if (asked == null) {
            return "";
        }
        return switch (token.subject()) {
            case HOST -> hostOf(asked, here);
            case PORT -> portOf(asked) == null ? "" : String.valueOf(portOf(asked));
            default -> asked.protocol();
        };
    }

    private @Nullable ReplicaBinding find(Token token) {
        return services.stream()
                .filter(service -> service.name().equals(token.service()))
                .flatMap(service -> service.bindings().stream())
                .filter(binding -> token.binding().isEmpty() || binding.name().equals(token.binding()))
                .findFirst()
                .orElse(null);
    }

    private @Nullable Integer portOf(ReplicaBinding binding) {
        Integer bound = externalPorts.get(binding.pool());
        return bound == null ? binding.port() : bound;
    }

    private static String hostOf(ReplicaBinding binding, String here) {
        return binding.host().isEmpty() ? here : binding.host();
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
