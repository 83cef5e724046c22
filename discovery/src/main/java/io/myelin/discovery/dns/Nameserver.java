package io.myelin.discovery.dns;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A name server.
 *
 * @param host an IP literal without brackets, or a name that the system's name servers know
 * @param port 1..65535
 */
public record Nameserver(String host, int port) {
    /** The port of DNS. */
    public static final int DEFAULT_PORT = 53;

    private static final Pattern FORMS = Pattern.compile(
            "(?:\\[([0-9A-Fa-f:.]+)]|([0-9A-Za-z._-]+))(?::(\\d{1,5}))?|([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)");

    public Nameserver {
        if (host.isEmpty() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("nameserver: " + host + ":" + port + " (expected: host or host:port)");
        }
    }

    /** Returns the server that {@code text} names as {@code host[:port]}, {@code null} if it names none. */
    public static @Nullable Nameserver parse(String text) {
        Matcher matcher = FORMS.matcher(text.strip());
        if (!matcher.matches()) {
            return null;
        }
        String host = first(matcher.group(1), matcher.group(2), matcher.group(4));
        int port = matcher.group(3) == null ? DEFAULT_PORT : Integer.parseInt(matcher.group(3));
        return port < 1 || port > 65_535 ? null : new Nameserver(host, port);
    }

    private static String first(@Nullable String... texts) {
        for (String text : texts) {
            if (text != null) {
                return text;
            }
        }
        return "";
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
