package io.myelin.config.reader;

import io.myelin.config.document.Scalar;
import io.myelin.config.haproxy.BindLine;
import io.myelin.config.reader.Section.Item;
import io.myelin.log.AccessConfig;
import io.myelin.log.AccessConfig.Capture;
import io.myelin.log.AccessConfig.Layout;
import io.myelin.log.Destination;
import io.myelin.log.Destination.Kind;
import io.myelin.log.Envelope;
import io.myelin.log.Envelope.Form;
import io.myelin.server.BindAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what is logged of requests: the top-level {@code access_log} and that of a service or frontend. */
final class AccessLogReader {
    private static final String PLACES = "stdout, stderr, a path with /, syslog HOST:PORT, or syslog /dev/log";
    private static final String SIZES = "a number of KiB, MiB or GiB, such as 100MiB";
    private static final int CAPTURED_CHARACTERS = 256;
    private static final int SYSLOG_PORT = 514;
    private static final int SYSLOG_BYTES = 8_192;
    /** The library that rolls files counts no further. */
    private static final int MOST_KEPT = 20;

    private final @Nullable AccessConfig everywhere;

    /** @param top the top-level section, {@code null} if there is none */
    AccessLogReader(@Nullable Section top) {
        this.everywhere = top == null ? null : top(top);
    }

    /**
     * Returns what a listener logs, {@code null} for nothing.
     *
     * @param section the service or frontend
     * @param baseline what its lines of HAProxy's say, {@code null} for nothing
     */
    @Nullable
    AccessConfig read(Section section, @Nullable AccessConfig baseline) {
        AccessConfig general = general(baseline);
        if (!section.has("access_log")) {
            return general;
        }
        AccessConfig wanted = general == null ? AccessConfig.DEFAULT : general;
        if (section.node("access_log") instanceof Scalar) {
            return section.flag("access_log", true) ? wanted : null;
        }
        Section own = section.section("access_log");
        return own == null ? general : own(own, wanted);
    }

    /**
     * Returns what a listener logs that says nothing itself, {@code null} for nothing. The top-level key decides where
     * to and how; which requests are logged is still up to the lines.
     */
    @Nullable
    AccessConfig general(@Nullable AccessConfig baseline) {
        AccessConfig top = everywhere;
        return top == null || baseline == null
                ? (top == null ? baseline : top)
                : top.with()
                        .skipsNormal(baseline.skipsNormal())
                        .skipsEmpty(baseline.skipsEmpty())
                        .requestHeaders(baseline.requestHeaders())
                        .responseHeaders(baseline.responseHeaders())
                        .build();
    }

    private static AccessConfig own(Section own, AccessConfig otherwise) {
        own.allow(Keys.SERVICE_LOG);
        return otherwise
                .with()
                .skipsNormal(own.flag("errors_only", otherwise.skipsNormal()))
                .skipsEmpty(!own.flag("empty", !otherwise.skipsEmpty()))
                .requestHeaders(captures(own, "request_headers", otherwise.requestHeaders()))
                .responseHeaders(captures(own, "response_headers", otherwise.responseHeaders()))
                .build();
    }

    private static List<Capture> captures(Section own, String key, List<Capture> otherwise) {
        if (!own.has(key)) {
            return otherwise;
        }
        return own.texts(key).stream()
                .map(name -> new Capture(name, CAPTURED_CHARACTERS))
                .toList();
    }

    private static AccessConfig top(Section top) {
        top.allow(Keys.ACCESS_LOG);
        String format = top.text("format", "text|json|haproxy", "text, json or haproxy");
        Layout layout = format == null ? Layout.TEXT : Layout.valueOf(format.toUpperCase(Locale.ROOT));
        List<Destination> destinations = destinations(top);
        return AccessConfig.DEFAULT
                .with()
                .layout(layout)
                .destinations(destinations.isEmpty() ? AccessConfig.DEFAULT.destinations() : destinations)
                .build();
    }

    private static List<Destination> destinations(Section top) {
        long rollBytes = rollBytes(top);
        int kept = top.number("keep", 1, MOST_KEPT, 5);
        Envelope syslog = syslog(top);
        List<Destination> destinations = new ArrayList<>();
        for (Item item : top.items("to")) {
            String text = item.node() instanceof Scalar scalar ? scalar.text().strip() : "";
            Destination destination = destination(text, syslog, rollBytes, kept);
            if (destination == null) {
                String found = item.node() instanceof Scalar
                        ? text
                        : "is " + item.node().kind();
                top.problems().error(item.where(), found, PLACES);
            } else {
                destinations.add(destination);
            }
        }
        return destinations;
    }

    private static @Nullable Destination destination(String text, Envelope syslog, long rollBytes, int kept) {
        if (text.equals("stdout")) {
            return Destination.STDOUT;
        }
        if (text.equals("stderr")) {
            return new Destination(Kind.STDERR, "", 0, Envelope.NONE, 0, 1);
        }
        if (text.startsWith("syslog ")) {
            return syslog(text.substring("syslog ".length()).strip(), syslog);
        }
        return text.indexOf('/') >= 0 && !text.endsWith("/")
                ? new Destination(Kind.FILE, text, 0, Envelope.NONE, rollBytes, kept)
                : null;
    }

    private static @Nullable Destination syslog(String place, Envelope envelope) {
        if (place.startsWith("/")) {
            return new Destination(Kind.SOCKET, place, 0, envelope, 0, 1);
        }
        BindAddress address = BindLine.parse(place.indexOf(':') < 0 ? place + ":" + SYSLOG_PORT : place);
        boolean usable =
                address != null && address.port() > 0 && !address.host().equals("*");
        return usable && address != null
                ? new Destination(Kind.UDP, address.host(), address.port(), envelope, 0, 1)
                : null;
    }

    private static Envelope syslog(Section top) {
        String facility = top.text("facility", "local[0-7]|user|daemon", "local0 to local7, user or daemon");
        String tag = top.text("tag", "[!-~]{1,48}", "a name without spaces");
        int number = facility == null
                ? 16
                : facility.equals("user") ? 1 : facility.equals("daemon") ? 3 : 16 + facility.charAt(5) - '0';
        return new Envelope(Form.RFC5424, number, 7, 0, tag == null ? "myelin" : tag, SYSLOG_BYTES);
    }

    private static long rollBytes(Section top) {
        String text = top.text("max_size", "[1-9]\\d{0,5}\\s*(KiB|MiB|GiB)", SIZES);
        if (text == null) {
            return 0;
        }
        long number = Long.parseLong(text.replaceAll("\\D", ""));
        int shift = text.endsWith("KiB") ? 10 : text.endsWith("MiB") ? 20 : 30;
        return number << shift;
    }
}
