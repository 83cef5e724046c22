package io.myelin.pem;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Private keys in the forms from before PKCS #8, which is what Java reads: puts the one around the other (RFC 5208, RFC
 * 8017 appendix A.1.2, RFC 5915).
 */
final class OldKeys {
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int PARAMETERS = 0xa0;
    private static final byte[] VERSION = {0x02, 0x01, 0x00};

    /** 1.2.840.113549.1.1.1 without parameters. */
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    /** 1.2.840.10045.2.1, behind which the curve has to stand. */
    private static final byte[] ELLIPTIC_CURVE = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private OldKeys() {}

    static byte[] ofRsa(byte[] key) {
        return wrapped(RSA, key);
    }

    static byte[] ofEllipticCurve(byte[] key) throws PemException {
        return wrapped(element(SEQUENCE, joined(ELLIPTIC_CURVE, curveOf(key))), key);
    }

    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, joined(joined(VERSION, algorithm), element(OCTETS, key)));
    }

    /** Returns the name of the curve, which stands in the key behind its version and its secret. */
    private static byte[] curveOf(byte[] key) throws PemException {
        int at = contentOf(key, 0);
        while (at < key.length) {
            int content = contentOf(key, at);
            int end = content + lengthOf(key, at);
            if (end > key.length) {
                break;
            }
            if ((key[at] & 0xff) == PARAMETERS) {
                return Arrays.copyOfRange(key, content, end);
            }
            at = end;
        }
        throw new PemException(
                "the private key does not name its curve (expected: SEC 1 with a named curve, or PKCS #8)");
    }

    /** Returns where the content of the element at {@code at} begins. */
    private static int contentOf(byte[] bytes, int at) throws PemException {
        requireInside(bytes, at + 1);
        int first = bytes[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int lengthOf(byte[] bytes, int at) throws PemException {
        int first = bytes[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        int content = contentOf(bytes, at);
        requireInside(bytes, content - 1);
        for (int i = at + 2; i < content; i++) {
            length = (length << 8) | (bytes[i] & 0xff);
        }
        return Math.max(0, Math.min(length, bytes.length));
    }

    private static void requireInside(byte[] bytes, int at) throws PemException {
        if (at >= bytes.length) {
            throw new PemException("the private key is cut short (expected: all of it)");
        }
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length <= 0xff) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
