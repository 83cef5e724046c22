package io.myelin.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A message head as read by the letter of RFC 9112, slowly and from complete text.
 *
 * @param length how much of the text the head is
 * @param start the parts of its first line
 */
record ReferenceHead(int length, List<String> start, List<Field> fields) {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String TEXT = "[\\t\\x20-\\x7e\\x80-\\xff]*";
    private static final Pattern REQUEST_LINE =
            Pattern.compile("(" + TOKEN + ") ([\\x21\\x22\\x24-\\x7e]+) HTTP/1\\.([01])");
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9][0-9])(?: (" + TEXT + "))?");
    private static final Pattern FIELD = Pattern.compile("(" + TOKEN + "):[ \\t]*(" + TEXT + "?)[ \\t]*");
    private static final Pattern AUTHORITY = Pattern.compile(
            "(?:(?:[0-9A-Za-z._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+|\\[(?=[^:\\]]*:[^:\\]]*:)[0-9A-Fa-f:.]+])(?::([0-9]{0,5}))?");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i:https?)://([^/?]*)(.*)");
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade", "transfer-encoding");
    private static final Set<String> OPTIONS = Set.of("close", "keep-alive", "upgrade");
    private static final int MOST_NOMINATIONS = 64;

    /** One line of a head, as it is and in its parts. */
    record Field(String line, String name, String value) {}

    /** Returns the request head at the beginning of {@code text}, {@code null} if it must not be accepted. */
    static @Nullable ReferenceHead request(String text) {
        int from = 0;
        while (text.startsWith("\r\n", from)) {
            from += 2;
        }
        ReferenceHead head = from > 16 ? null : read(text, from, REQUEST_LINE);
        return head != null && head.framed(head.start.get(2)) && head.addressed() ? head : null;
    }

    /** Returns the response head at the beginning of {@code text}, {@code null} if it must not be accepted. */
    static @Nullable ReferenceHead response(String text) {
        ReferenceHead head = read(text, 0, STATUS_LINE);
        return head != null && head.framed(head.start.get(0)) ? head : null;
    }

    private static @Nullable ReferenceHead read(String text, int from, Pattern startLine) {
        int end = text.indexOf("\r\n\r\n", from);
        if (end < 0) {
            return null;
        }
        String[] lines = text.substring(from, end).split("\r\n", -1);
        Matcher start = startLine.matcher(lines[0]);
        if (!start.matches() || lines.length > 101) {
            return null;
        }
        List<Field> fields = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            Matcher field = FIELD.matcher(lines[i]);
            if (!field.matches()) {
                return null;
            }
            fields.add(new Field(lines[i], field.group(1).toLowerCase(Locale.ROOT), field.group(2)));
        }
        List<String> parts = new ArrayList<>();
        for (int group = 1; group <= start.groupCount(); group++) {
            parts.add(start.group(group) == null ? "" : start.group(group));
        }
        return new ReferenceHead(end + 4, parts, fields);
    }

    List<String> values(String name) {
        return fields.stream()
                .filter(field -> field.name.equals(name))
                .map(Field::value)
                .toList();
    }

    boolean chunked() {
        return !values("transfer-encoding").isEmpty();
    }

    /** Returns the declared length of the body, -1 if none is declared. */
    long contentLength() {
        List<String> lengths = values("content-length");
        return lengths.isEmpty() ? -1 : Long.parseLong(lengths.get(0));
    }

    private boolean framed(String minorVersion) {
        List<String> lengths = values("content-length");
        List<String> encodings = values("transfer-encoding");
        long nominations =
                options().stream().filter(option -> !OPTIONS.contains(option)).count();
        return lengths.size() + encodings.size() <= 1
                && lengths.stream().allMatch(length -> length.matches("[0-9]{1,18}"))
                && encodings.stream().allMatch("chunked"::equalsIgnoreCase)
                && (encodings.isEmpty() || minorVersion.equals("1"))
                && nominations <= MOST_NOMINATIONS;
    }

    private boolean addressed() {
        List<String> hosts = values("host");
        String method = start.get(0);
        String target = start.get(1);
        boolean named = hosts.size() == 1 || (hosts.isEmpty() && start.get(2).equals("0"));
        Matcher absolute = ABSOLUTE.matcher(target);
        return named
                && hosts.stream().allMatch(ReferenceHead::isAuthority)
                && !method.equals("CONNECT")
                && (target.startsWith("/")
                        || (target.equals("*") && method.equals("OPTIONS"))
                        || (absolute.matches() && isAuthority(absolute.group(1))));
    }

    private static boolean isAuthority(String text) {
        Matcher authority = AUTHORITY.matcher(text);
        if (!authority.matches()) {
            return false;
        }
        String port = authority.group(1);
        return port == null || port.isEmpty() || Integer.parseInt(port) <= 65_535;
    }

    private List<String> options() {
        List<String> options = new ArrayList<>();
        for (String list : values("connection")) {
            for (String option : list.split(",", -1)) {
                String trimmed = option.replaceAll("^[ \\t]+|[ \\t]+$", "");
                if (!trimmed.isEmpty()) {
                    options.add(trimmed.toLowerCase(Locale.ROOT));
                }
            }
        }
        return options;
    }

    private boolean travels(Field field) {
        boolean needed = field.name.equals("host") || field.name.equals("content-length");
        return !HOP_BY_HOP.contains(field.name) && (needed || !options().contains(field.name));
    }

    private boolean upgrades() {
        return start.get(2).equals("1")
                && options().contains("upgrade")
                && !values("upgrade").isEmpty();
    }

    /** Returns the head that a member must be sent if nothing is said about the client. */
    String forwardedRequest(String localAddress) {
        Matcher absolute = ABSOLUTE.matcher(start.get(1));
        boolean isAbsolute = absolute.matches();
        String target = isAbsolute ? absolute.group(2) : start.get(1);
        if (isAbsolute && target.isEmpty() && start.get(0).equals("OPTIONS")) {
            target = "*";
        } else if (isAbsolute && !target.startsWith("/")) {
            target = "/" + target;
        }
        StringBuilder out = new StringBuilder(start.get(0) + " " + target + " HTTP/1.1\r\n");
        if (isAbsolute) {
            out.append("Host: ").append(absolute.group(1)).append("\r\n");
        } else if (values("host").isEmpty()) {
            out.append("Host: ").append(localAddress).append("\r\n");
        }
        for (Field field : fields) {
            boolean replaced = (isAbsolute && field.name.equals("host"))
                    || (start.get(2).equals("0") && field.name.equals("expect"));
            if ((travels(field) && !replaced) || (upgrades() && field.name.equals("upgrade"))) {
                out.append(field.line).append("\r\n");
            }
        }
        if (upgrades()) {
            out.append("Connection: upgrade\r\n");
        }
        return out.append(chunked() ? "Transfer-Encoding: chunked\r\n" : "")
                .append("\r\n")
                .toString();
    }

    /** Returns the head that a client of version 1.1 must be sent in answer to GET. */
    String forwardedResponse() {
        int status = Integer.parseInt(start.get(1));
        boolean bodiless = status < 200 || status == 204 || status == 304;
        StringBuilder out = new StringBuilder("HTTP/1.1 " + status + " " + start.get(2) + "\r\n");
        for (Field field : fields) {
            boolean pointless = bodiless && status != 304 && field.name.equals("content-length");
            if ((travels(field) && !pointless) || (status == 101 && field.name.equals("upgrade"))) {
                out.append(field.line).append("\r\n");
            }
        }
        if (status == 101) {
            out.append("Connection: upgrade\r\n");
        } else if (!bodiless && contentLength() < 0) {
            out.append("Transfer-Encoding: chunked\r\n");
        }
        return out.append("\r\n").toString();
    }
}
