package io.myelin.config.haproxy;

import io.myelin.route.TlsFact;
import java.util.Map;

/** HAProxy's names for what may be asked about a client's TLS (manual of version 2.6, section 7.3.4). */
final class TlsSamples {
    private static final Map<String, TlsFact> FACTS = Map.of(
            "ssl_fc_sni", TlsFact.SERVER_NAME,
            "ssl_fc_protocol", TlsFact.VERSION,
            "ssl_fc_cipher", TlsFact.CIPHER,
            "ssl_fc_alpn", TlsFact.ALPN,
            "ssl_c_s_dn", TlsFact.CLIENT_SUBJECT,
            "ssl_c_i_dn", TlsFact.CLIENT_ISSUER);

    private TlsSamples() {}

    /** Returns whether {@code name} asks about TLS. */
    static boolean has(String name) {
        return FACTS.containsKey(name);
    }

    /** Returns whether {@code name} may be asked for one attribute. */
    static boolean hasAttributes(String name) {
        return name.endsWith("_dn");
    }

    /**
     * Returns what {@code name} asks.
     *
     * @throws IllegalArgumentException if it asks nothing about TLS
     */
    static TlsFact fact(String name) {
        TlsFact fact = FACTS.get(name);
        if (fact == null) {
            throw new IllegalArgumentException(name + " asks nothing about TLS");
        }
        return fact;
    }
}
