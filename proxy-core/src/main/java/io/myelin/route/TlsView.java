package io.myelin.route;

import org.jspecify.annotations.Nullable;

/** What a client and its listener agreed on in their handshake. Immutable. */
public interface TlsView {
    /**
     * Returns what there is to say about {@code fact}, UTF-8 in the lower half of each character, bytes as upper-case
     * hexadecimal digits; {@code null} if there is nothing.
     *
     * @param attribute of a name, empty for all of it
     */
    @Nullable
    String text(TlsFact fact, String attribute);
}
