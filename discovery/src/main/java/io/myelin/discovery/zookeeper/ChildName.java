package io.myelin.discovery.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the name of a registration says.
 *
 * @param sequence the number ZooKeeper gave to this registration, {@code null} if the name ends in none
 * @param json the whole registration, if the name carries it; {@code null} if the data must be read
 */
record ChildName(@Nullable Long sequence, @Nullable String json) {
    /*
     * instance_0000000005                        the data holds the registration
     * base64_<length>_<url-safe base64>[_<seq>]  the name holds it; the alphabet contains '_', hence the length
     */
    private static final String ENCODED_PREFIX = "base64_";
    private static final Pattern ENCODED = Pattern.compile(ENCODED_PREFIX + "(\\d{1,6})_(.*)", Pattern.DOTALL);
    private static final Pattern SEQUENCE = Pattern.compile(".*_(\\d{1,18})", Pattern.DOTALL);

    static ChildName parse(String name) {
        if (name.startsWith(ENCODED_PREFIX)) {
            ChildName encoded = parseEncoded(name);
            if (encoded != null) {
                return encoded;
            }
        }
        return new ChildName(sequenceOf(name), null);
    }

    /** Returns the name under which {@code json} is registered without the need to read its data. */
    static String encode(byte[] json) {
        String text = Base64.getUrlEncoder().encodeToString(json);
        return ENCODED_PREFIX + text.length() + "_" + text + "_";
    }

    /** Returns {@code null} for a name that only looks encoded. */
    private static @Nullable ChildName parseEncoded(String name) {
        Matcher matcher = ENCODED.matcher(name);
        if (!matcher.matches()) {
            return null;
        }
        int length = Integer.parseInt(matcher.group(1));
        String rest = matcher.group(2);
        if (length > rest.length()) {
            return null;
        }
        String tail = rest.substring(length);
        try {
            byte[] text = rest.substring(0, length).getBytes(StandardCharsets.ISO_8859_1);
            return tail.isEmpty() || tail.startsWith("_")
                    ? new ChildName(
                            sequenceOf(tail), new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8))
                    : null;
        } catch (IllegalArgumentException ignored) {
            // Not base64: the registration is in the data, if anywhere.
            return null;
        }
    }

    private static @Nullable Long sequenceOf(String text) {
        Matcher matcher = SEQUENCE.matcher(text);
        return matcher.matches() ? Long.valueOf(matcher.group(1)) : null;
    }
}
