package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.log.Destination;
import io.myelin.log.Destination.Kind;
import io.myelin.log.Envelope;
import io.myelin.log.Envelope.Form;
import java.util.List;
import java.util.Locale;

/** Lines {@code log ADDRESS [len N] [format NAME] [sample ...] FACILITY [LEVEL [LEVEL]]}. */
final class LogTarget {
    private static final List<String> FACILITIES = List.of(
            "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "auth2", "ftp", "ntp",
            "audit", "alert", "cron2", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7");
    private static final List<String> LEVELS =
            List.of("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug");
    private static final String FORMS = "an address such as 127.0.0.1:514, /dev/log, stdout or stderr";
    private static final int SYSLOG_PORT = 514;
    private static final int DEFAULT_BYTES = 1_024;

    private LogTarget() {}

    /** Returns the number of a facility of syslog. */
    static int facility(String name) throws MalformedLineException {
        return position(FACILITIES, name, "a facility");
    }

    /**
     * Returns where {@code line} sends to.
     *
     * @param form of a line that names none
     */
    static Destination of(Line line, String tag, Form form, Problems problems) throws MalformedLineException {
        Destination destination = address(line.word(1));
        int maxBytes =
                destination.kind() == Kind.UDP || destination.kind() == Kind.SOCKET ? DEFAULT_BYTES : Integer.MAX_VALUE;
        Form chosen = form;
        int at = 2;
        for (; List.of("len", "format", "sample").contains(line.word(at)); at += 2) {
            switch (line.word(at)) {
                case "len" -> maxBytes = Quantity.number(line.word(at + 1), 80, 65_535);
                case "format" -> chosen = form(line.word(at + 1));
                default -> line.warning(problems, "sample is not interpreted: every line is sent");
            }
        }
        int facility = facility(line.word(at));
        int leastSevere = line.word(at + 1).isEmpty() ? LEVELS.size() - 1 : level(line.word(at + 1));
        int mostSevere = line.word(at + 2).isEmpty() ? 0 : level(line.word(at + 2));
        return destination.in(new Envelope(chosen, facility, leastSevere, mostSevere, tag, maxBytes));
    }

    /** Returns the destination that {@code word} names, without an envelope. */
    static Destination address(String word) throws MalformedLineException {
        return switch (word) {
            case "stdout", "fd@1" -> Destination.STDOUT;
            case "stderr", "fd@2" -> new Destination(Kind.STDERR, "", 0, Envelope.NONE, 0, 1);
            default -> socket(word);
        };
    }

    private static Destination socket(String word) throws MalformedLineException {
        String address = word.replaceFirst("^(ipv4|ipv6|udp|udp4|udp6|unix|uxdg)@", "");
        if (address.startsWith("/")) {
            return new Destination(Kind.SOCKET, address, 0, Envelope.NONE, 0, 1);
        }
        boolean bare = address.indexOf(':') < 0;
        String host = BindLine.host(bare ? address : address.substring(0, address.lastIndexOf(':')));
        String port = bare ? "" : address.substring(address.lastIndexOf(':') + 1);
        if (address.isEmpty() || host == null || host.equals("*") || !port.matches("\\d{0,5}")) {
            throw new MalformedLineException("`" + word + "` is not an address to log to", FORMS);
        }
        int number = port.isEmpty() ? SYSLOG_PORT : Quantity.number(port, 1, 65_535);
        return new Destination(Kind.UDP, host, number, Envelope.NONE, 0, 1);
    }

    private static Form form(String name) throws MalformedLineException {
        for (Form form : Form.values()) {
            if (form.name().toLowerCase(Locale.ROOT).equals(name)) {
                return form;
            }
        }
        throw new MalformedLineException(
                "`" + name + "` is not a format", "local, rfc3164, rfc5424 or raw, for example");
    }

    private static int level(String name) throws MalformedLineException {
        return position(LEVELS, name, "a level");
    }

    private static int position(List<String> names, String name, String what) throws MalformedLineException {
        int position = names.indexOf(name);
        if (position < 0) {
            throw new MalformedLineException("`" + name + "` is not " + what, "one of " + String.join(", ", names));
        }
        return position;
    }
}
