package io.myelin.discovery.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A store that holds objects by path and gives them to whoever signs as the documentation of AWS Signature Version 4
 * says; others get 403.
 */
public final class StoreServer implements AutoCloseable {
    public static final String ACCESS_KEY = "AKIATEST";
    public static final String SECRET_KEY = "secret/of+tests";
    private static final Pattern AUTHORIZATION = Pattern.compile("AWS4-HMAC-SHA256 Credential=" + ACCESS_KEY
            + "/(\\d{8})/([a-z0-9-]+)/s3/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})");

    private final HttpServer server;
    private final Map<String, String> objects = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile String region = "eu-west-1";

    public StoreServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Puts an object at {@code /bucket/key}. */
    public void put(String path, String content) {
        objects.put(path, content);
    }

    /** Returns the paths that were asked for, with the region of the signature. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Moves all buckets. */
    void moveTo(String newRegion) {
        region = newRegion;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        Matcher matcher = AUTHORIZATION.matcher(
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        if (!matcher.matches() || !signature(exchange, matcher).equals(matcher.group(4))) {
            send(exchange, 403, "<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>");
            return;
        }
        requests.add(matcher.group(2) + " " + path);
        if (!matcher.group(2).equals(region)) {
            exchange.getResponseHeaders().set("x-amz-bucket-region", region);
            send(exchange, 301, "<Error><Code>PermanentRedirect</Code></Error>");
            return;
        }
        String content = objects.get(path);
        if (content == null) {
            send(exchange, 404, "<Error><Code>NoSuchKey</Code></Error>");
        } else {
            send(exchange, 200, content);
        }
    }

    private static String signature(HttpExchange exchange, Matcher authorization) {
        StringBuilder request = new StringBuilder(exchange.getRequestMethod())
                .append('\n')
                .append(exchange.getRequestURI().getRawPath())
                .append("\n\n");
        for (String name : authorization.group(3).split(";", -1)) {
            request.append(name)
                    .append(':')
                    .append(exchange.getRequestHeaders().getFirst(name))
                    .append('\n');
        }
        request.append('\n')
                .append(authorization.group(3))
                .append('\n')
                .append(exchange.getRequestHeaders().getFirst("x-amz-content-sha256"));
        String scope = authorization.group(1) + "/" + authorization.group(2) + "/s3/aws4_request";
        String text = "AWS4-HMAC-SHA256\n" + exchange.getRequestHeaders().getFirst("x-amz-date") + "\n" + scope + "\n"
                + sha256(request.toString());
        byte[] key = ("AWS4" + SECRET_KEY).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/", -1)) {
            key = mac(key, part);
        }
        return HexFormat.of().formatHex(mac(key, text));
    }

    private static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
