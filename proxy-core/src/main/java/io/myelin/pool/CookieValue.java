package io.myelin.pool;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.model.Endpoint;
import io.myelin.pool.StickyConfig.Naming;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What a sticky cookie calls an endpoint. */
final class CookieValue {
    /*
     * Synapse writes `cookie VALUE` into each server line, where VALUE is the constructed name or its SHA-1, before the
     * options of the service and those of the endpoint; of several, HAProxy obeys the last.
     */
    private CookieValue() {}

    /** Returns the value; a name that cannot stand in a cookie is replaced by its hash. */
    static String of(StickyConfig config, Endpoint endpoint) {
        String own = ownOf(endpoint.options());
        String text = filled(own == null ? config.text() : own, endpoint);
        if (text.matches(StickyConfig.VALUES)) {
            return text;
        }
        String name = endpoint.id().value();
        return config.naming() == Naming.HASH || !name.matches(StickyConfig.VALUES) ? sha1(name) : name;
    }

    /** Returns the argument of the last {@code cookie} among the options of a server, {@code null} if there is none. */
    private static @Nullable String ownOf(String options) {
        if (!options.contains("cookie")) {
            return null;
        }
        String[] words = options.strip().split("\\s+", -1);
        for (int word = words.length - 2; word >= 0; word--) {
            if (words[word].equals("cookie")) {
                return words[word + 1];
            }
        }
        return null;
    }

    private static String filled(String text, Endpoint endpoint) {
        return text.indexOf('%') < 0
                ? text
                : text.replace("%{name}", endpoint.id().value())
                        .replace("%{host}", endpoint.host())
                        .replace("%{port}", Integer.toString(endpoint.port()));
    }

    private static String sha1(String name) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(name.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
