package io.myelin.tls;

import io.netty.handler.ssl.CipherSuiteConverter;
import io.netty.handler.ssl.OpenSsl;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Which ciphers are used up to TLS 1.2. Those of TLS 1.3 are all sound, and BoringSSL chooses among them by itself. */
public final class Ciphers {
    /** Forward secrecy and authenticated encryption, and nothing else (RFC 9325, section 4.2). */
    public static final List<String> DEFAULT = List.of(
            "ECDHE-ECDSA-AES128-GCM-SHA256",
            "ECDHE-RSA-AES128-GCM-SHA256",
            "ECDHE-ECDSA-AES256-GCM-SHA384",
            "ECDHE-RSA-AES256-GCM-SHA384",
            "ECDHE-ECDSA-CHACHA20-POLY1305",
            "ECDHE-RSA-CHACHA20-POLY1305");

    private static final List<String> OF_TLS_1_3 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private Ciphers() {}

    /** Returns whether {@code name}, which is OpenSSL's, can be used here. */
    public static boolean known(String name) {
        String own = CipherSuiteConverter.toJava(name, "TLS");
        return own != null && (!OpenSsl.isAvailable() || OpenSsl.isCipherSuiteAvailable(own));
    }

    /** Returns {@code names}, and the ciphers of TLS 1.3, as Java calls them, which is what every engine knows. */
    static List<String> forEngine(List<String> names) {
        List<String> wanted = new ArrayList<>(OF_TLS_1_3);
        (names.isEmpty() ? DEFAULT : names)
                .stream()
                        .map(name -> CipherSuiteConverter.toJava(name, "TLS"))
                        .filter(Objects::nonNull)
                        .forEach(wanted::add);
        return wanted;
    }
}
