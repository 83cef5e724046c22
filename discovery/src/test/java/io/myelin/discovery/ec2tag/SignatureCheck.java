package io.myelin.discovery.ec2tag;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.discovery.testing.ScriptedApi.Request;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Verifies Signature Version 4 as AWS does, of requests without a query. */
record SignatureCheck(String accessKeyId, String secret) {
    /*
     * Signature = HMAC(key, "AWS4-HMAC-SHA256\n" date "\n" scope "\n" hash(canonical request)), where the canonical
     * request is method, path, query, the signed fields, their names and the hash of the body, and the key is derived
     * from the secret through date, region, service and "aws4_request".
     */
    private static final Pattern AUTHORIZATION =
            Pattern.compile("AWS4-HMAC-SHA256 Credential=([^/]+)/((\\d{8})/([a-z0-9-]+)/([a-z0-9]+)/aws4_request), ?"
                    + "SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})");

    /** Returns the scope, such as {@code 20260101/eu-west-1/ec2}, {@code none} if the signature is not right. */
    String scope(Request request) {
        Matcher stated = AUTHORIZATION.matcher(request.header("Authorization"));
        if (!stated.matches() || !stated.group(1).equals(accessKeyId)) {
            return "none";
        }
        String path = request.line().split(" ", -1)[1];
        StringBuilder canonical = new StringBuilder("POST\n" + path + "\n\n");
        for (String name : stated.group(6).split(";", -1)) {
            canonical.append(name).append(':').append(request.header(name)).append('\n');
        }
        canonical.append('\n').append(stated.group(6)).append('\n').append(hash(request.body()));
        String text = "AWS4-HMAC-SHA256\n" + request.header("X-Amz-Date") + "\n" + stated.group(2) + "\n"
                + hash(canonical.toString());
        byte[] key = hmac(("AWS4" + secret).getBytes(UTF_8), stated.group(3));
        for (String part : new String[] {stated.group(4), stated.group(5), "aws4_request"}) {
            key = hmac(key, part);
        }
        boolean signedHost = (";" + stated.group(6) + ";").contains(";host;");
        return signedHost && HexFormat.of().formatHex(hmac(key, text)).equals(stated.group(7))
                ? stated.group(3) + "/" + stated.group(4) + "/" + stated.group(5)
                : "none";
    }

    private static String hash(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
