package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.http.RequestIdConfig;
import io.myelin.http.RequestIdConfig.Form;
import io.myelin.http.RequestIdConfig.Mode;
import io.myelin.log.AccessConfig;
import io.myelin.log.AccessConfig.Capture;
import io.myelin.log.AccessConfig.Layout;
import io.myelin.log.Destination;
import io.myelin.log.LogFormat;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the lines of a section add up to that are about logs and the identity of requests. */
@OwnedBy(Owner.BUILDER)
final class LogLines {
    /** The form that HAProxy's manual gives as an example, which is the one in use. */
    private static final String CONNECTION_FORM = "%{+X}o %ci:%cp_%fi:%fp_%Ts_%rt:%pid";

    private final List<Line> own = new ArrayList<>();
    private final List<Capture> requestHeaders = new ArrayList<>();
    private final List<Capture> responseHeaders = new ArrayList<>();
    private boolean global;
    private Kind kind = Kind.CONNECT;
    private @Nullable LogFormat custom;
    private @Nullable String tag;
    private boolean skipsNormal;
    private boolean skipsEmpty;
    private boolean separatesErrors;
    private @Nullable String idHeader;
    private @Nullable Form idForm;

    /** Which line is written. */
    private enum Kind {
        CONNECT,
        HTTP,
        TCP,
        CUSTOM
    }

    LogLines() {}

    LogLines(LogLines defaults) {
        own.addAll(defaults.own);
        requestHeaders.addAll(defaults.requestHeaders);
        responseHeaders.addAll(defaults.responseHeaders);
        global = defaults.global;
        kind = defaults.kind;
        custom = defaults.custom;
        tag = defaults.tag;
        skipsNormal = defaults.skipsNormal;
        skipsEmpty = defaults.skipsEmpty;
        separatesErrors = defaults.separatesErrors;
        idHeader = defaults.idHeader;
        idForm = defaults.idForm;
    }

    /** Takes {@code log global} or {@code log ADDRESS ...}. */
    void log(Line line) {
        if (line.startsWith("log", "global")) {
            global = true;
        } else {
            own.add(line);
        }
    }

    void noLog() {
        global = false;
        own.clear();
    }

    void tag(String newTag) {
        tag = newTag;
    }

    void httpLog(Line line) {
        boolean clf = line.word(2).equals("clf");
        kind = clf ? Kind.CUSTOM : Kind.HTTP;
        custom = clf ? LogFormat.CLF : null;
    }

    void tcpLog() {
        kind = Kind.TCP;
    }

    void format(Line line, Problems problems) {
        if (line.words().size() != 2) {
            line.warning(problems, "not interpreted: the format is not one word, with a backslash before each space");
            return;
        }
        try {
            custom = LogFormat.parse(line.word(1));
            kind = Kind.CUSTOM;
        } catch (IllegalArgumentException e) {
            line.warning(problems, "not interpreted: " + e.getMessage() + "; lines keep the form they had");
        }
    }

    void skipNormal(boolean skips) {
        skipsNormal = skips;
    }

    void skipEmpty(boolean skips) {
        skipsEmpty = skips;
    }

    void separateErrors(boolean separates) {
        separatesErrors = separates;
    }

    /** Takes {@code capture request|response header NAME len N}; returns whether it was one. */
    boolean capture(Line line) throws MalformedLineException {
        boolean request = line.startsWith("capture", "request", "header");
        if (!request && !line.startsWith("capture", "response", "header")) {
            return false;
        }
        if (!line.word(4).equals("len")) {
            throw new MalformedLineException("no length", "capture request|response header NAME len N");
        }
        Capture capture = new Capture(line.word(3), Quantity.number(line.word(5), 1, 65_535));
        (request ? requestHeaders : responseHeaders).add(capture);
        return true;
    }

    void idHeader(String name) throws MalformedLineException {
        if (!RequestIdConfig.mayCarry(name)) {
            throw new MalformedLineException("`" + name + "` cannot carry it", RequestIdConfig.HEADERS);
        }
        idHeader = name;
    }

    void idFormat(Line line, Problems problems) {
        String format = String.join(" ", line.from(1));
        if (format.equals(CONNECTION_FORM)) {
            idForm = Form.CONNECTION;
        } else if (format.matches("%\\[uuid(\\(4?\\))?]")) {
            idForm = Form.UUID;
        } else {
            idForm = Form.HEX;
            line.warning(problems, "this form is not interpreted: identities are 32 random hexadecimal digits");
        }
    }

    /** Returns how requests get an identity: in HAProxy, not at all unless both lines are there. */
    RequestIdConfig requestId() {
        String header = idHeader;
        Form form = idForm;
        return header == null || form == null ? RequestIdConfig.OFF : new RequestIdConfig(Mode.GENERATE, header, form);
    }

    /** Returns what is logged, {@code null} for nothing. */
    @Nullable
    AccessConfig config(Protocol protocol, GlobalLogs logs, Problems problems) {
        List<Destination> destinations = destinations(logs, problems);
        return destinations.isEmpty()
                ? null
                : new AccessConfig(
                        destinations,
                        Layout.HAPROXY,
                        format(protocol),
                        skipsNormal,
                        skipsEmpty,
                        separatesErrors,
                        requestHeaders,
                        responseHeaders);
    }

    private List<Destination> destinations(GlobalLogs logs, Problems problems) {
        List<Destination> destinations = new ArrayList<>();
        String name = tag == null ? logs.tag() : tag;
        if (global) {
            logs.destinations()
                    .forEach(one -> destinations.add(one.in(one.envelope().named(name))));
        }
        for (Line line : own) {
            try {
                destinations.add(LogTarget.of(line, name, logs.form(), problems));
            } catch (MalformedLineException e) {
                line.warning(problems, e.reason() + ": nothing is logged there (expected: " + e.expected() + ")");
            }
        }
        return destinations;
    }

    /** A tunnel has no request to show: the line of {@code option httplog} becomes that of {@code option tcplog}. */
    private @Nullable LogFormat format(Protocol protocol) {
        return switch (kind) {
            case CONNECT -> LogFormat.parse("Connect from %ci:%cp to %fi:%fp (%f/" + protocol + ")");
            case HTTP -> null;
            case TCP -> LogFormat.TCP;
            case CUSTOM -> custom;
        };
    }
}
