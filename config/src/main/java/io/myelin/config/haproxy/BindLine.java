package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.server.BindAddress;
import io.myelin.server.BindOptions;
import io.myelin.unix.SocketFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code bind} lines and addresses as HAProxy writes them. */
public final class BindLine {
    private static final String FORMS =
            "ADDRESS:PORT, such as 127.0.0.1:8080, [::1]:8080 or *:8080, or the path of a Unix socket";
    private static final String UNIX = "unix@";

    private BindLine() {}

    /** Returns the addresses of a line {@code bind ADDRESS:PORT[,...] [options]}; what cannot be used is reported. */
    public static List<BindAddress> addresses(Line line, Problems problems) {
        if (line.words().size() < 2) {
            line.error(problems, "no address", FORMS);
            return List.of();
        }
        BindOptions options = options(line, line.from(2), problems);
        List<BindAddress> addresses = new ArrayList<>();
        for (String word : line.word(1).split(",", -1)) {
            BindAddress address = address(line, word, problems);
            if (address != null) {
                addresses.add(address.with(options));
            }
        }
        return addresses;
    }

    /** Returns what the options {@code words} of {@code line} come to; those that are not interpreted are reported. */
    public static BindOptions options(Line line, List<String> words, Problems problems) {
        boolean acceptProxy = false;
        Integer mode = null;
        String user = null;
        String group = null;
        TlsLine tls = new TlsLine();
        List<String> others = new ArrayList<>();
        for (int at = 0; at < words.size(); at++) {
            String argument = at + 1 < words.size() ? words.get(at + 1) : "";
            switch (words.get(at)) {
                case "accept-proxy" -> acceptProxy = true;
                case "mode" -> {
                    mode = mode(argument);
                    if (mode == null) {
                        line.error(
                                problems,
                                "mode: `" + argument + "` is not a file mode",
                                "an octal number, such as 660");
                    }
                    at++;
                }
                case "user", "uid" -> {
                    user = argument;
                    at++;
                }
                case "group", "gid" -> {
                    group = argument;
                    at++;
                }
                default -> {
                    int taken = tls.take(words.get(at), argument, line, problems);
                    if (taken == 0) {
                        others.add(words.get(at));
                    }
                    at += Math.max(0, taken - 1);
                }
            }
        }
        if (!others.isEmpty()) {
            line.warning(
                    problems,
                    "the options `" + String.join(" ", others) + "` are not interpreted: they have no effect");
        }
        return new BindOptions(acceptProxy, new SocketFile.Access(mode, user, group), tls.config(line, problems));
    }

    /** Returns the permission bits that {@code text}, an octal number, stands for, {@code null} if it is none. */
    public static @Nullable Integer mode(String text) {
        return text.matches("0?[0-7]{1,3}") ? Integer.valueOf(Integer.parseInt(text, 8)) : null;
    }

    private static @Nullable BindAddress address(Line line, String word, Problems problems) {
        if (namesAnotherFamily(word)) {
            line.warning(problems, word + " is neither an IP address nor a path: nothing listens there");
            return null;
        }
        BindAddress address = parse(word);
        if (address == null) {
            line.error(problems, "`" + word + "` is not an address", FORMS);
        }
        return address;
    }

    /** Returns whether {@code word} names a socket that is neither of IP nor known by its path. */
    public static boolean namesAnotherFamily(String word) {
        return word.matches("(abns|abnsz|fd|sockpair|uxst)@.*");
    }

    /** Returns the absolute path of the Unix socket that {@code text} names, {@code null} if it names none. */
    public static @Nullable String path(String text) {
        String path = text.startsWith(UNIX) ? text.substring(UNIX.length()) : text;
        return path.matches("/[^\\x00]+") ? path : null;
    }

    /** Returns the address that {@code text} is, {@code null} if it is none. */
    public static @Nullable BindAddress parse(String text) {
        String path = path(text);
        if (path != null) {
            return BindAddress.ofUnix(path);
        }
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
