package io.myelin.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of itself first (RFC 8446, section 4.1.2), as far as it matters for what it is shown.
 *
 * @param serverName whom it wants to speak to, in lower case; {@code null} if it does not say
 * @param ellipticCurves whether it can make use of a certificate with a key on an elliptic curve
 */
record ClientHello(@Nullable String serverName, boolean ellipticCurves) {
    /** Of somebody who says nothing that can be read; the engine will find words for it. */
    static final ClientHello UNREADABLE = new ClientHello(null, false);

    private static final int VERSION_AND_RANDOM = 34;
    private static final int SERVER_NAME = 0;
    private static final int SIGNATURE_ALGORITHMS = 13;

    /** Reads {@code body}, a ClientHello without the header of its message. */
    static ClientHello parse(ByteBuf body) {
        try {
            ByteBuf hello = body.duplicate();
            hello.skipBytes(VERSION_AND_RANDOM);
            hello.skipBytes(hello.readUnsignedByte());
            boolean suites = anySuite(hello.readSlice(hello.readUnsignedShort()));
            hello.skipBytes(hello.readUnsignedByte());
            ByteBuf extensions = hello.readSlice(hello.readUnsignedShort());
            String serverName = null;
            boolean signatures = false;
            while (extensions.isReadable()) {
                int type = extensions.readUnsignedShort();
                ByteBuf content = extensions.readSlice(extensions.readUnsignedShort());
                if (type == SERVER_NAME) {
                    serverName = serverName(content);
                } else if (type == SIGNATURE_ALGORITHMS) {
                    signatures = anySignature(content.readSlice(content.readUnsignedShort()));
                }
            }
            return new ClientHello(serverName, suites && signatures);
        } catch (IndexOutOfBoundsException e) {
            return UNREADABLE;
        }
    }

    /** A list of names of which only that of a host is defined (RFC 6066, section 3). */
    private static @Nullable String serverName(ByteBuf content) {
        ByteBuf names = content.readSlice(content.readUnsignedShort());
        while (names.isReadable()) {
            int type = names.readUnsignedByte();
            ByteBuf name = names.readSlice(names.readUnsignedShort());
            if (type == 0) {
                String text = name.toString(US_ASCII).toLowerCase(Locale.ROOT);
                return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
            }
        }
        return null;
    }

    /** Returns whether one of {@code suites} is of TLS 1.3, or signs with ECDSA. */
    private static boolean anySuite(ByteBuf suites) {
        while (suites.isReadable(2)) {
            int suite = suites.readUnsignedShort();
            boolean signed = switch (suite) {
                case 0x1301, 0x1302, 0x1303, 0xc009, 0xc00a, 0xc023, 0xc024, 0xc02b, 0xc02c, 0xcca9 -> true;
                default -> false;
            };
            if (signed) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether one of {@code algorithms} is ECDSA. */
    private static boolean anySignature(ByteBuf algorithms) {
        while (algorithms.isReadable(2)) {
            int hash = algorithms.readUnsignedByte();
            if (algorithms.readUnsignedByte() == 3 && hash >= 2 && hash <= 6) {
                return true;
            }
        }
        return false;
    }
}
