package io.myelin.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/** Which names and values rules may use. */
final class FieldNames {
    private FieldNames() {}

    /** Returns whether rules may take fields of that name away. */
    static boolean removable(FieldName name) {
        return !name.framing() && name != FieldName.HOST;
    }

    static void requireName(String name) {
        byte[] bytes = name.getBytes(US_ASCII);
        boolean token = bytes.length > 0 && name.chars().allMatch(c -> c < 128 && Octets.isToken((byte) c));
        if (!token) {
            throw new IllegalArgumentException("`" + name + "` is not the name of a header field");
        }
    }

    static FieldName requireEditable(String name) {
        byte[] bytes = name.getBytes(US_ASCII);
        FieldName known = FieldName.of(bytes, 0, bytes.length);
        if (known.framing()) {
            throw new IllegalArgumentException(
                    name + " says where messages end or connections go, which rules cannot change");
        }
        return known;
    }

    static void requireWritable(String name) {
        requireName(name);
        if (requireEditable(name).hopByHop()) {
            throw new IllegalArgumentException(name + " describes one connection, and is never passed on");
        }
    }

    /** Host may be set, but must be there once. */
    static void requireRepeatable(String name) {
        if (name.equalsIgnoreCase("Host")) {
            throw new IllegalArgumentException("Host can be set, but not added or removed");
        }
    }

    static void requireValid(String name, Template value) {
        byte @Nullable [] constant = value.constant();
        if (name.equalsIgnoreCase("Host") && constant != null && !Authority.valid(constant, 0, constant.length)) {
            throw new IllegalArgumentException("the value of Host is not a host with an optional port");
        }
    }
}
