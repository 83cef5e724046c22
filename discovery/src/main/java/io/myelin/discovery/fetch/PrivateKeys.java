package io.myelin.discovery.fetch;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads private keys in PEM (RFC 7468), in any of the forms that tools write. */
final class PrivateKeys {
    /*
     * The JDK reads PKCS #8 (RFC 5958), an envelope that names the algorithm:
     *   SEQUENCE { INTEGER 0, SEQUENCE { OID, parameters }, OCTET STRING { key } }
     * "RSA PRIVATE KEY" (PKCS #1, RFC 8017 appendix A.1.2) and "EC PRIVATE KEY" (SEC 1, RFC 5915) are what is inside,
     * the latter with the curve in its field [0], so that an envelope can be put around them.
     */
    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "DSA");
    private static final byte[] VERSION = HexFormat.of().parseHex("020100");
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int CURVE = 0xa0;

    private PrivateKeys() {}

    /** Returns the first key in {@code pem}. */
    static PrivateKey read(String pem) throws MalformedPemException {
        Matcher block = BLOCK.matcher(pem);
        if (!block.find()) {
            throw new MalformedPemException("no private key (expected: one in PEM)");
        }
        if (block.group(1).startsWith("ENCRYPTED") || block.group(2).contains("ENCRYPTED")) {
            throw new MalformedPemException("the private key is encrypted (expected: one without a password)");
        }
        try {
            byte[] content = Base64.getMimeDecoder().decode(block.group(2));
            return switch (block.group(1)) {
                case "RSA PRIVATE KEY" -> decode(envelope(RSA, content), List.of("RSA"));
                case "EC PRIVATE KEY" -> decode(envelope(tagged(SEQUENCE, EC, curve(content)), content), List.of("EC"));
                default -> decode(content, ALGORITHMS);
            };
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new MalformedPemException("the private key is damaged (expected: one in PEM)", e);
        }
    }

    private static PrivateKey decode(byte[] encoded, List<String> algorithms) throws MalformedPemException {
        GeneralSecurityException failure = new GeneralSecurityException("no algorithm");
        for (String algorithm : algorithms) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (GeneralSecurityException e) {
                failure = e;
            }
        }
        throw new MalformedPemException(
                "the private key cannot be read (expected: one of " + String.join(", ", algorithms) + ")", failure);
    }

    private static byte[] envelope(byte[] algorithm, byte[] key) {
        return tagged(SEQUENCE, VERSION, algorithm, tagged(OCTET_STRING, key));
    }

    /** Returns the curve that a key in SEC 1 names: what is in the element [0] of its sequence. */
    private static byte[] curve(byte[] key) {
        int at = content(key, 0);
        while (at < key.length) {
            int begin = content(key, at);
            int end = begin + length(key, at);
            if ((key[at] & 0xff) == CURVE) {
                byte[] curve = new byte[end - begin];
                System.arraycopy(key, begin, curve, 0, curve.length);
                return curve;
            }
            at = end;
        }
        throw new IllegalArgumentException("no curve");
    }

    /** Returns where the content of the element at {@code at} begins. */
    private static int content(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int length(byte[] der, int at) {
        int length = der[at + 1] & 0xff;
        if (length < 0x80) {
            return length;
        }
        int total = 0;
        for (int i = at + 2; i < content(der, at); i++) {
            total = (total << 8) | (der[i] & 0xff);
        }
        return total;
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        int length = content.size();
        if (length < 0x80) {
            element.write(length);
        } else {
            element.write(0x82);
            element.write(length >> 8);
            element.write(length);
        }
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }
}
