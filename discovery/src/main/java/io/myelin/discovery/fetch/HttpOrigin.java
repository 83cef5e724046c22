package io.myelin.discovery.fetch;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where an HTTP server is reached.
 *
 * @param tls whether the connection is encrypted, and the server's certificate verified
 * @param host a name, an IP literal without brackets, or the path of a Unix socket
 * @param port 1..65535, 0 for a Unix socket
 * @param userInfo {@code user:password}, sent with every request; empty for none, and never shown
 * @param proxy asked for a tunnel to the server (RFC 9110 section 9.3.6), unencrypted; {@code null} for none
 */
public record HttpOrigin(
        boolean tls,
        String host,
        int port,
        String userInfo,
        @Nullable HttpOrigin proxy) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    public HttpOrigin {
        boolean path = host.startsWith("/");
        if (host.isEmpty() || port < (path ? 0 : 1) || port > (path ? 0 : 65_535)) {
            throw new IllegalArgumentException("address: " + host + ":" + port + " (expected: host:port, or a path)");
        }
    }

    /** Names a server that is reached directly. */
    public HttpOrigin(boolean tls, String host, int port, String userInfo) {
        this(tls, host, port, userInfo, null);
    }

    /** Returns the same server, reached through {@code other}. */
    public HttpOrigin through(HttpOrigin other) {
        return new HttpOrigin(tls, host, port, userInfo, other);
    }

    /** Returns the unencrypted server at {@code host}. */
    public static HttpOrigin of(String host, int port) {
        return new HttpOrigin(false, host, port, "");
    }

    /** Returns the server on the Unix socket at {@code path}. */
    public static HttpOrigin ofUnix(String path) {
        return new HttpOrigin(false, path, 0, "");
    }

    /**
     * Returns the server that a URL names, {@code null} if it names none.
     *
     * @param url begins with {@code http://}, {@code https://}, {@code tcp://} or {@code unix://}
     * @param defaultPort of {@code tcp}
     */
    public static @Nullable HttpOrigin parse(String url, int defaultPort) {
        try {
            URI uri = new URI(url.strip());
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            return switch (scheme) {
                case "http" -> at(uri, false, HTTP_PORT);
                case "https" -> at(uri, true, HTTPS_PORT);
                case "tcp" -> at(uri, false, defaultPort);
                case "unix" -> uri.getPath() != null && uri.getPath().startsWith("/") ? ofUnix(uri.getPath()) : null;
                default -> null;
            };
        } catch (URISyntaxException | IllegalArgumentException ignored) {
            // The caller says what was expected, without repeating what may hold a password.
            return null;
        }
    }

    private static @Nullable HttpOrigin at(URI uri, boolean tls, int defaultPort) {
        String host = uri.getHost();
        if (host == null) {
            return null;
        }
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        String user = uri.getUserInfo();
        return new HttpOrigin(tls, bare, uri.getPort() < 0 ? defaultPort : uri.getPort(), user == null ? "" : user);
    }

    boolean unix() {
        return host.startsWith("/");
    }

    /** Returns what the field {@code Host} says. */
    public String authority() {
        if (unix()) {
            return "localhost";
        }
        String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (tls ? HTTPS_PORT : HTTP_PORT) ? bracketed : bracketed + ":" + port;
    }

    /** Returns the address for people: without user and password. */
    @Override
    public String toString() {
        return unix() ? "unix://" + host : (tls ? "https://" : "http://") + authority();
    }
}
