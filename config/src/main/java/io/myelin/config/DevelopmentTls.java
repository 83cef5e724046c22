package io.myelin.config;

import io.myelin.server.ListenerConfig;
import io.myelin.tls.TlsConfig;
import java.util.List;

/**
 * TLS with a certificate for development, which is made where the process runs.
 *
 * @param hosts what it is to name beside this host: names, patterns such as {@code *.example.com}, IP addresses
 */
public record DevelopmentTls(List<String> hosts) {
    /** Only this host. */
    public static final DevelopmentTls HERE = new DevelopmentTls(List.of());

    /** What listeners have instead of it until its file is known. */
    public static final TlsConfig PENDING = TlsConfig.of("<certificate for development>", null);

    public DevelopmentTls {
        hosts = List.copyOf(hosts);
    }

    /** Returns whether one of the listeners is to show it. */
    public static boolean wanted(List<ListenerConfig> listeners) {
        return listeners.stream()
                .flatMap(listener -> listener.addresses().stream())
                .anyMatch(address -> PENDING.equals(address.options().tls()));
    }

    /** Returns the listener with {@code tls} where it is to show the certificate. */
    public static ListenerConfig resolve(ListenerConfig listener, TlsConfig tls) {
        return listener.with()
                .addresses(listener.addresses().stream()
                        .map(address -> PENDING.equals(address.options().tls())
                                ? address.with(address.options().withTls(tls))
                                : address)
                        .toList())
                .build();
    }
}
