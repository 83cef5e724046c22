package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.server.BindAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code bind} lines and addresses as HAProxy writes them. */
public final class BindLine {
    private static final String FORMS = "ADDRESS:PORT, such as 127.0.0.1:8080, [::1]:8080 or *:8080";

    private BindLine() {}

    /** Returns the addresses of a line {@code bind ADDRESS:PORT[,...] [options]}; what cannot be used is reported. */
    public static List<BindAddress> addresses(Line line, Problems problems) {
        if (line.words().size() < 2) {
            line.error(problems, "no address", FORMS);
            return List.of();
        }
        reportOptions(line, line.from(2), problems);
        List<BindAddress> addresses = new ArrayList<>();
        for (String word : line.word(1).split(",", -1)) {
            BindAddress address = address(line, word, problems);
            if (address != null) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    /** Reports the options after the address of {@code line}, none of which is interpreted. */
    public static void reportOptions(Line line, List<String> options, Problems problems) {
        if (options.isEmpty()) {
            return;
        }
        String consequence = options.contains("ssl")
                ? "the listener speaks plain text, without TLS"
                : options.contains("accept-proxy") ? "the PROXY protocol is not understood" : "they have no effect";
        line.warning(problems, "the options `" + String.join(" ", options) + "` are not interpreted: " + consequence);
    }

    /** Returns whether {@code word} names a socket that is not of IP. */
    public static boolean namesAnotherFamily(String word) {
        return word.startsWith("/") || word.matches("(unix|abns|abnsz|fd|sockpair|uxst)@.*");
    }

    private static @Nullable BindAddress address(Line line, String word, Problems problems) {
        if (namesAnotherFamily(word)) {
            line.warning(problems, word + " is not an IP address: nothing listens there");
            return null;
        }
        BindAddress address = parse(word);
        if (address == null) {
            line.error(problems, "`" + word + "` is not an address", FORMS);
        }
        return address;
    }

    /** Returns the address that {@code text} is, {@code null} if it is none. */
    public static @Nullable BindAddress parse(String text) {
        String address = withoutFamily(text);
        int colon = address.lastIndexOf(':');
        if (colon < 0 || !address.substring(colon + 1).matches("\\d{1,5}")) {
            return null;
        }
        int port = Integer.parseInt(address.substring(colon + 1));
        String host = host(address.substring(0, colon));
        return port > 65_535 || host == null ? null : new BindAddress(host, port);
    }

    /** Returns the host that {@code text} names, without brackets, {@code null} if it names none. */
    public static @Nullable String host(String text) {
        String host = withoutFamily(text);
        if (host.isEmpty() || host.equals("*")) {
            return "*";
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        return host.matches("[0-9A-Za-z._-]+|[0-9A-Fa-f:.%]*:[0-9A-Za-z:.%]*") ? host : null;
    }

    private static String withoutFamily(String text) {
        return text.replaceFirst("^(ipv4|ipv6|tcp|tcp4|tcp6)@", "");
    }
}
