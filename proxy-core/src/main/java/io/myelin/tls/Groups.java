package io.myelin.tls;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The groups that keys can be agreed with. */
public final class Groups {
    /** For the names that OpenSSL and its like have for them, in lower case, the one that is used here. */
    private static final Map<String, String> NAMES = Map.of(
            "x25519", "x25519",
            "p-256", "secp256r1",
            "secp256r1", "secp256r1",
            "prime256v1", "secp256r1",
            "p-384", "secp384r1",
            "secp384r1", "secp384r1",
            "p-521", "secp521r1",
            "secp521r1", "secp521r1");

    private Groups() {}

    /** Returns the name of the group that {@code name} means, {@code null} if there is none. */
    public static @Nullable String named(String name) {
        return NAMES.get(name.strip().toLowerCase(Locale.ROOT));
    }
}
