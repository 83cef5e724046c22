package io.myelin.config.haproxy;

import io.myelin.balance.ErrorWatch.Level;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.ErrorReaction;
import io.myelin.model.MemberTls;
import io.myelin.model.MemberTlsWords;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.ProxyVersion;
import io.myelin.pool.Marking;
import io.myelin.pool.ObserveConfig;
import io.myelin.pool.StickyConfig;
import io.myelin.tls.CertificateStatus;
import io.myelin.tls.MalformedPemException;
import io.myelin.tls.MemberContexts;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the options of {@code server} and {@code default-server} lines say, the later overriding the earlier. */
@OwnedBy(Owner.BUILDER)
public final class ServerSettings {
    /** HAProxy writes the member's own port in place of this. */
    private static final String OWN_PORT = "%{port}";

    private static final Set<String> WITH_ARGUMENT = Set.of(
            "addr",
            "agent-addr",
            "agent-inter",
            "agent-port",
            "agent-send",
            "check-proto",
            "id",
            "init-addr",
            "log-proto",
            "max-reuse",
            "minconn",
            "namespace",
            "pool-low-conn",
            "pool-max-conn",
            "pool-purge-delay",
            "proto",
            "redir",
            "resolve-net",
            "resolve-opts",
            "resolve-prefer",
            "resolvers",
            "socks4",
            "tcp-ut",
            "ws");

    private static final Map<String, String> CONSEQUENCES = Map.of(
            "send-proxy-v2-ssl", "members do not learn the client's address this way",
            "send-proxy-v2-ssl-cn", "members do not learn the client's address this way",
            "minconn", "maxconn holds whatever the load");

    boolean check;

    @Nullable
    Duration interval;

    @Nullable
    Duration fastInterval;

    @Nullable
    Duration downInterval;

    int rise = 2;
    int fall = 3;

    @Nullable
    Integer checkPort;

    @Nullable
    Integer weight;

    /** What a sticky cookie calls the server; templates stand for its name, host and port. */
    @Nullable
    String cookie;

    boolean backup;
    Duration slowStart = Duration.ZERO;
    ProxyVersion sendProxy = ProxyVersion.OFF;
    boolean checkSendProxy;

    @Nullable
    InetSocketAddress source;

    int maxConnections;
    int maxWaiting;

    @Nullable
    Level observed;

    /** The line that says so. */
    @Nullable
    Line observeLine;

    int errorLimit = ObserveConfig.DEFAULT_LIMIT;
    ErrorReaction onError = ErrorReaction.FAIL_CHECK;
    Marking marking = Marking.NONE;
    boolean disabled;
    private MemberTls tls = MemberTls.OFF;

    /** The latest line that says so. */
    private @Nullable Line tlsLine;

    /** The member that servers follow. */
    @Nullable
    String track;

    /** The line that says so. */
    @Nullable
    Line trackLine;

    /** Whether it is one server whose options these are, so that they may say by which number it is known. */
    private boolean single;

    ServerSettings() {}

    ServerSettings(ServerSettings other) {
        check = other.check;
        interval = other.interval;
        fastInterval = other.fastInterval;
        downInterval = other.downInterval;
        rise = other.rise;
        fall = other.fall;
        checkPort = other.checkPort;
        weight = other.weight;
        cookie = other.cookie;
        backup = other.backup;
        slowStart = other.slowStart;
        sendProxy = other.sendProxy;
        checkSendProxy = other.checkSendProxy;
        source = other.source;
        maxConnections = other.maxConnections;
        maxWaiting = other.maxWaiting;
        observed = other.observed;
        observeLine = other.observeLine;
        errorLimit = other.errorLimit;
        onError = other.onError;
        marking = other.marking;
        disabled = other.disabled;
        tls = other.tls;
        tlsLine = other.tlsLine;
        track = other.track;
        trackLine = other.trackLine;
    }

    /** Returns what {@code line}, options only, says of one endpoint. */
    public static ServerSettings of(Line line, Problems problems) {
        ServerSettings settings = new ServerSettings();
        settings.applySingle(line, line.words(), problems);
        return settings;
    }

    /** Takes over the options {@code words} of {@code line}, which are those of one server. */
    void applySingle(Line line, List<String> words, Problems problems) {
        single = true;
        apply(line, words, problems);
    }

    public @Nullable Integer weight() {
        return weight;
    }

    public boolean backup() {
        return backup;
    }

    /** Returns how much traffic says about the health of members, {@code null} for nothing. */
    public @Nullable ObserveConfig observe() {
        return observed == null ? null : new ObserveConfig(observed, errorLimit, onError);
    }

    /** Returns the line that says so, {@code null} if none does. */
    public @Nullable Line observeLine() {
        return observeLine;
    }

    /** Returns what becomes of the work in progress when members go down or come up. */
    public Marking marking() {
        return marking;
    }

    /** Returns the member that servers follow, {@code null} if they follow none. */
    public @Nullable String track() {
        return track;
    }

    /** Returns the line that says so, {@code null} if none does. */
    public @Nullable Line trackLine() {
        return trackLine;
    }

    /** Returns whether members are in maintenance until an operator says otherwise. */
    public boolean disabled() {
        return disabled;
    }

    /** Returns how connections to members are encrypted. */
    public MemberTls tls() {
        return tls;
    }

    /**
     * Reports files that connections to members cannot be encrypted with.
     *
     * @param otherwise where it is reported if the line that names them is none of its service's own
     */
    public void requireUsableTls(Where otherwise, Problems problems) {
        Line line = tlsLine;
        if (line == null) {
            return;
        }
        boolean own = line.where().service().equals(otherwise.service());
        Where where = own ? line.where() : otherwise;
        try {
            for (CertificateStatus expired : MemberContexts.expired(tls, Clock.SYSTEM)) {
                problems.warning(
                        where,
                        "`" + line.text() + "`: " + expired.file() + " has expired: not_after=" + expired.notAfter());
            }
        } catch (MalformedPemException e) {
            problems.error(
                    where,
                    "`" + line.text() + "`: " + e.getMessage(),
                    "PEM files: the authorities in ca-file, what they revoked in crl-file, a certificate with its private key in crt");
        }
    }

    /** Returns what one set of checks has for all of its endpoints. */
    List<@Nullable Object> checking() {
        return Arrays.asList(
                interval, fastInterval, downInterval, rise, fall, checkSendProxy, observed, errorLimit, onError);
    }

    /** Returns what a service has for the connections to all of its members. */
    List<@Nullable Object> talking() {
        return Arrays.asList(slowStart, sendProxy, source, marking);
    }

    /** Takes over how {@code other} is checked, watched and connected to. */
    void superviseLike(ServerSettings other) {
        check = other.check;
        interval = other.interval;
        fastInterval = other.fastInterval;
        downInterval = other.downInterval;
        rise = other.rise;
        fall = other.fall;
        checkSendProxy = other.checkSendProxy;
        observed = other.observed;
        observeLine = other.observeLine;
        errorLimit = other.errorLimit;
        onError = other.onError;
        slowStart = other.slowStart;
        sendProxy = other.sendProxy;
        source = other.source;
        marking = other.marking;
    }

    /** Returns how members are told who their client is. */
    public ProxyVersion sendProxy() {
        return sendProxy;
    }

    /** Returns the address that connections come from, {@code null} for any. */
    public @Nullable InetSocketAddress source() {
        return source;
    }

    /** Returns the header that checks begin with: that of the traffic, unless they go to a port of their own. */
    ProxyVersion checkProxy() {
        if (checkSendProxy) {
            return sendProxy == ProxyVersion.OFF ? ProxyVersion.V1 : sendProxy;
        }
        return checkPort == null ? sendProxy : ProxyVersion.OFF;
    }

    /** Takes over a {@code source} line or option: an address, and what else it says, which is reported. */
    void source(List<String> words, Line line, Problems problems) throws MalformedLineException {
        String text = words.isEmpty() ? "" : words.get(0);
        boolean any = text.equals("*") || text.equals("0.0.0.0") || text.equals("::");
        InetSocketAddress address = any ? null : SourceAddress.parse(text);
        if (address == null && !any) {
            throw new MalformedLineException("`" + text + "` is not a source address", SourceAddress.FORMS);
        }
        source = address;
        if (words.size() > 1) {
            String rest = String.join(" ", words.subList(1, words.size()));
            line.warning(problems, rest + " is not interpreted: connections come from the address before it");
        }
    }

    /** Takes over the options {@code words} of {@code line}. */
    void apply(Line line, List<String> words, Problems problems) {
        int at = 0;
        while (at < words.size()) {
            String option = words.get(at);
            String argument = at + 1 < words.size() ? words.get(at + 1) : "";
            try {
                at += 1 + apply(option, argument, line, problems);
            } catch (MalformedLineException e) {
                line.error(problems, option + ": " + e.reason(), e.expected());
                at += 2;
            }
        }
    }

    /** Returns how many words beyond {@code option} it took. */
    private int apply(String option, String argument, Line line, Problems problems) throws MalformedLineException {
        switch (option) {
            case "check" -> check = true;
            case "no-check" -> check = false;
            case "backup" -> backup = true;
            case "no-backup" -> backup = false;
            case "disabled" -> disabled = true;
            case "enabled" -> disabled = false;
            case "send-proxy" -> sendProxy = ProxyVersion.V1;
            case "send-proxy-v2" -> sendProxy = ProxyVersion.V2;
            case "no-send-proxy", "no-send-proxy-v2" -> sendProxy = ProxyVersion.OFF;
            case "check-send-proxy" -> checkSendProxy = true;
            case "no-check-send-proxy" -> checkSendProxy = false;
            default -> {
                return applyWithArgument(option, argument, line, problems);
            }
        }
        return 0;
    }

    private int applyWithArgument(String option, String argument, Line line, Problems problems)
            throws MalformedLineException {
        switch (option) {
            case "inter" -> interval = Quantity.positiveTime(argument);
            case "fastinter" -> fastInterval = Quantity.positiveTime(argument);
            case "downinter" -> downInterval = Quantity.positiveTime(argument);
            case "slowstart" -> slowStart = Quantity.time(argument);
            case "rise" -> rise = Quantity.number(argument, 1, 1_000);
            case "fall" -> fall = Quantity.number(argument, 1, 1_000);
            case "maxconn" -> maxConnections = Quantity.number(argument, 0, Quantity.MOST);
            case "maxqueue" -> maxWaiting = Quantity.number(argument, 0, Quantity.MOST);
            case "cookie" -> cookie = cookie(argument);
            case "weight" -> weight = Quantity.number(argument, 0, Endpoint.MAX_WEIGHT);
            case "source" -> source(List.of(argument), line, problems);
            case "observe" -> observe(argument, line);
            case "track" -> {
                track = track(argument);
                trackLine = line;
            }
            case "error-limit" -> errorLimit = Quantity.number(argument, 1, Quantity.MOST);
            case "on-error" -> onError = reaction(argument);
            case "on-marked-down" -> {
                requireWord("shutdown-sessions", argument);
                marking = new Marking(true, marking.endsBackupSessions());
            }
            case "on-marked-up" -> {
                requireWord("shutdown-backup-sessions", argument);
                marking = new Marking(marking.endsSessions(), true);
            }
            case "port" -> checkPort = argument.equals(OWN_PORT) ? null : Quantity.number(argument, 1, 65_535);
            case "id" -> {
                if (!single) {
                    return ignore(option, argument, line, problems);
                }
                Quantity.number(argument, 1, Quantity.MOST);
            }
            default -> {
                int taken = applyTls(option, argument, line, problems);
                return taken < 0 ? ignore(option, argument, line, problems) : taken;
            }
        }
        return 1;
    }

    private void observe(String layer, Line line) throws MalformedLineException {
        observed = switch (layer) {
            case "layer4" -> Level.CONNECTIONS;
            case "layer7" -> Level.ANSWERS;
            case "none" -> null;
            default -> throw new MalformedLineException("`" + layer + "` is not a layer", "layer4 or layer7");
        };
        observeLine = line;
    }

    private static String track(String server) throws MalformedLineException {
        if (!server.matches("[^/]+(/[^/].*)?")) {
            throw new MalformedLineException(
                    server.isEmpty() ? "a server is missing" : "`" + server + "` is not a server", "[BACKEND/]SERVER");
        }
        return server;
    }

    private static ErrorReaction reaction(String name) throws MalformedLineException {
        return switch (name) {
            case "fastinter" -> ErrorReaction.FAST_CHECK;
            case "fail-check" -> ErrorReaction.FAIL_CHECK;
            case "sudden-death" -> ErrorReaction.SUDDEN_DEATH;
            case "mark-down" -> ErrorReaction.MARK_DOWN;
            default ->
                throw new MalformedLineException(
                        "`" + name + "` is not a reaction", "fastinter, fail-check, sudden-death or mark-down");
        };
    }

    private static void requireWord(String expected, String word) throws MalformedLineException {
        if (!word.equals(expected)) {
            throw new MalformedLineException(
                    word.isEmpty() ? "a word is missing" : "`" + word + "` is not interpreted", expected);
        }
    }

    private static String cookie(String value) throws MalformedLineException {
        if (!value.matches(StickyConfig.VALUES)) {
            throw new MalformedLineException(
                    value.isEmpty() ? "a value is missing" : "`" + value + "` cannot be the value of a cookie",
                    "a text without spaces, quotes, commas, semicolons, backslashes, | and ~");
        }
        return value;
    }

    /** Returns how many words beyond {@code option} it took, negative if it is not about TLS. */
    private int applyTls(String option, String argument, Line line, Problems problems) {
        MemberTls.Builder said = tls.with();
        int taken = MemberTlsWords.take(option, argument, said, new MemberTlsWords.Remarks() {
            @Override
            public void error(String what, String expected) {
                line.error(problems, what, expected);
            }

            @Override
            public void warning(String what) {
                line.warning(problems, what);
            }
        });
        if (taken > 0) {
            tls = said.build();
            tlsLine = line;
        }
        return taken - 1;
    }

    private static int ignore(String option, String argument, Line line, Problems problems) {
        boolean withArgument = WITH_ARGUMENT.contains(option);
        String consequence = CONSEQUENCES.getOrDefault(option, "it has no effect");
        String written = withArgument ? option + " " + argument : option;
        line.warning(problems, written + " is not interpreted: " + consequence);
        return withArgument ? 1 : 0;
    }
}
