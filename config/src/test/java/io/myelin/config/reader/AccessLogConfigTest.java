package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.http.ClientConfig;
import io.myelin.http.RequestIdConfig;
import io.myelin.http.RequestIdConfig.Mode;
import io.myelin.log.AccessConfig;
import io.myelin.log.AccessConfig.Capture;
import io.myelin.log.AccessConfig.Layout;
import io.myelin.log.Destination;
import io.myelin.log.Destination.Kind;
import io.myelin.log.Envelope;
import io.myelin.log.Envelope.Form;
import io.myelin.log.LogFormat;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessLogConfigTest {
    private static final String WEB = "services: {web: {port: 1, servers: ['h:1']%s}}\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of("."));

    @BeforeEach
    void open() {
        files = new ConfigFiles(directory);
    }

    private @Nullable AccessConfig accessLog(String text) {
        return Objects.requireNonNull(files.service(text).listener()).accessLog();
    }

    private AccessConfig logged(String text) {
        return Objects.requireNonNull(accessLog(text));
    }

    private ClientConfig client(String text) {
        return Objects.requireNonNull(files.service(text).listener()).client();
    }

    /** Returns a Synapse file with a service that speaks HTTP. */
    private static String synapse(String global, String defaults, String listen) {
        return "services: {web: {default_servers: ['h:1'], haproxy: {port: 1, listen: [mode http" + listen + "]}}}\n"
                + "haproxy: {global: [" + global + "], defaults: [" + defaults + "]}\n";
    }

    private static Destination udp(Envelope envelope) {
        return new Destination(Kind.UDP, "127.0.0.1", 514, envelope, 0, 1);
    }

    @Test
    void nothingIsLoggedUnlessAskedFor() {
        assertThat(accessLog(WEB.formatted(""))).isNull();
        assertThat(accessLog(WEB.formatted(", access_log: false"))).isNull();
    }

    @Test
    void theTopLevelKeyConcernsEveryService() {
        AccessConfig accessLog = logged("access_log: {to: /var/log/a.log, format: json}\n" + WEB.formatted(""));

        assertThat(accessLog.layout()).isEqualTo(Layout.JSON);
        assertThat(accessLog.destinations())
                .containsExactly(new Destination(Kind.FILE, "/var/log/a.log", 0, Envelope.NONE, 0, 5));
        assertThat(accessLog.skipsEmpty()).isTrue();
        assertThat(accessLog("access_log: {to: stderr}\n" + WEB.formatted(", access_log: no")))
                .isNull();
    }

    @Test
    void aServiceMayLogByItself() {
        assertThat(accessLog(WEB.formatted(", access_log: true"))).isEqualTo(AccessConfig.DEFAULT);
    }

    @Test
    void aServiceSaysWhatOfItsRequestsIsLogged() {
        AccessConfig accessLog = logged(WEB.formatted(
                ", access_log: {errors_only: true, empty: true, request_headers: [A, B], response_headers: C}"));

        assertThat(accessLog.skipsNormal()).isTrue();
        assertThat(accessLog.skipsEmpty()).isFalse();
        assertThat(accessLog.requestHeaders()).containsExactly(new Capture("A", 256), new Capture("B", 256));
        assertThat(accessLog.responseHeaders()).containsExactly(new Capture("C", 256));
    }

    @Test
    void thereMayBeSeveralDestinations() {
        AccessConfig accessLog = logged("access_log:\n"
                + "  to: [stdout, a/b.log, 'syslog 127.0.0.1', 'syslog [::1]:1514', syslog /dev/log]\n"
                + "  max_size: 2GiB\n  keep: 7\n  facility: local3\n  tag: edge\n"
                + WEB.formatted(""));
        Envelope envelope = new Envelope(Form.RFC5424, 19, 7, 0, "edge", 8_192);

        assertThat(accessLog.destinations())
                .containsExactly(
                        Destination.STDOUT,
                        new Destination(Kind.FILE, "a/b.log", 0, Envelope.NONE, 2L << 30, 7),
                        udp(envelope),
                        new Destination(Kind.UDP, "::1", 1_514, envelope, 0, 1),
                        new Destination(Kind.SOCKET, "/dev/log", 0, envelope, 0, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "to: nowhere | 1:18: access_log.to: nowhere (expected: stdout, stderr, a path with /,"
                        + " syslog HOST:PORT, or syslog /dev/log)",
                "to: 'syslog :0' | 1:18: access_log.to: syslog :0 (expected: stdout, stderr, a path with /,"
                        + " syslog HOST:PORT, or syslog /dev/log)",
                "format: xml | 1:22: access_log.format: xml (expected: text, json or haproxy)",
                "max_size: 100 | 1:24: access_log.max_size: 100 (expected: a number of KiB, MiB or GiB, such as"
                        + " 100MiB)",
                "keep: 21 | 1:20: access_log.keep: 21 (expected: 1..20)",
                "facility: local8 | 1:24: access_log.facility: local8 (expected: local0 to local7, user or daemon)",
                "fromat: json | 1:14: access_log.fromat: unknown key, did you mean format?"
            })
    void whatIsWrongIsNamed(String key, String message) {
        assertThat(files.problems("access_log: {" + key + "}\n" + WEB.formatted("")))
                .containsExactly("0.yaml:" + message);
    }

    @Test
    void aSynapseFileLogsWhereItsGlobalSectionSays() {
        AccessConfig accessLog = logged(synapse(
                "log 127.0.0.1 local0, log 127.0.0.1:514 local1 notice, daemon",
                "log global, option dontlognull",
                ", option httplog"));

        assertThat(accessLog.layout()).isEqualTo(Layout.HAPROXY);
        assertThat(accessLog.format()).isNull();
        assertThat(accessLog.skipsEmpty()).isTrue();
        assertThat(accessLog.skipsNormal()).isFalse();
        assertThat(accessLog.separatesErrors()).isFalse();
        assertThat(accessLog.destinations())
                .containsExactly(
                        udp(new Envelope(Form.LOCAL, 16, 7, 0, "haproxy", 1_024)),
                        udp(new Envelope(Form.LOCAL, 17, 5, 0, "haproxy", 1_024)));
    }

    @Test
    void withoutLogGlobalNothingIsLogged() {
        assertThat(accessLog(synapse("log 127.0.0.1 local0", "", ", option httplog")))
                .isNull();
        assertThat(accessLog(synapse("", "log global", ""))).isNull();
        assertThat(accessLog(synapse("log 127.0.0.1 local0", "log global", ", no log")))
                .isNull();
    }

    @Test
    void linesOfAProxyAddToTheGlobalOnes() {
        AccessConfig accessLog = logged(synapse(
                "log /dev/log daemon, log-tag edge, log-send-hostname",
                "log global",
                ", option tcplog, log stdout len 80 format raw local7 info err, option dontlog-normal,"
                        + " option log-separate-errors"));

        assertThat(accessLog.destinations())
                .containsExactly(
                        new Destination(
                                Kind.SOCKET, "/dev/log", 0, new Envelope(Form.RFC3164, 3, 7, 0, "edge", 1_024), 0, 1),
                        Destination.STDOUT.in(new Envelope(Form.RAW, 23, 6, 3, "edge", 80)));
        assertThat(accessLog.format()).isEqualTo(LogFormat.TCP);
        assertThat(accessLog.skipsNormal()).isTrue();
        assertThat(accessLog.separatesErrors()).isTrue();
        assertThat(accessLog.skipsEmpty()).isFalse();
    }

    @Test
    void linesHaveTheFormThatIsAskedFor() {
        String global = "log 127.0.0.1 local0";
        assertThat(formatOf(logged(synapse(global, "log global", ""))))
                .isEqualTo("Connect from %ci:%cp to %fi:%fp (%f/HTTP)");
        assertThat(formatOf(logged(synapse(global, "log global", ", option httplog clf"))))
                .isEqualTo(LogFormat.CLF.text());
        assertThat(formatOf(logged(synapse(global, "log global", ", 'log-format %ci\\ %ST'"))))
                .isEqualTo("%ci %ST");
    }

    private static String formatOf(AccessConfig accessLog) {
        return Objects.requireNonNull(accessLog.format()).text();
    }

    @Test
    void capturedHeadersAreRead() {
        AccessConfig accessLog = logged(synapse(
                "log 127.0.0.1 local0",
                "log global",
                ", capture request header Host len 10, capture response header Server len 20"));

        assertThat(accessLog.requestHeaders()).containsExactly(new Capture("Host", 10));
        assertThat(accessLog.responseHeaders()).containsExactly(new Capture("Server", 20));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "log-format %ci\\ %[src] | `log-format %ci\\ %[src]`: not interpreted: %[src] is not known; lines"
                        + " keep the form they had",
                "log-format a b | `log-format a b`: not interpreted: the format is not one word, with a backslash"
                        + " before each space",
                "log ring@x local0 | `log ring@x local0`: `ring@x` is not an address to log to: nothing is logged"
                        + " there (expected: an address such as 127.0.0.1:514, /dev/log, stdout or stderr)",
                "log stdout locale0 | `log stdout locale0`: `locale0` is not a facility: nothing is logged there"
                        + " (expected: one of kern, user, mail, daemon, auth, syslog, lpr, news, uucp, cron, auth2,"
                        + " ftp, ntp, audit, alert, cron2, local0, local1, local2, local3, local4, local5, local6,"
                        + " local7)",
                "capture cookie X len 9 | `capture cookie X len 9`: not interpreted: cookies are not shown in logs"
            })
    void linesThatCannotBeHonouredAreNamed(String line, String message) {
        assertThat(files.problems(synapse("log 127.0.0.1 local0", "log global", ", '" + line + "'")))
                .containsExactly("0.yaml:1:83: warning: services.web.haproxy.listen[1]: " + message);
    }

    @Test
    void anIdentityStandsInAFieldOfItsOwn() {
        assertThat(files.problems(synapse("", "", ", unique-id-header Content-Length")))
                .containsExactly("0.yaml:1:83: services.web.haproxy.listen[1]: `unique-id-header Content-Length`:"
                        + " `Content-Length` cannot carry it (expected: the name of a header field that means nothing"
                        + " to a proxy)");
        assertThat(files.problems(WEB.formatted(", request_id: {header: Host}")))
                .singleElement()
                .asString()
                .endsWith("services.web.request_id.header: Host (expected: the name of a header field that means"
                        + " nothing to a proxy)");
    }

    @Test
    void anErrorNamesItsLine() {
        assertThat(files.problems(synapse("", "", ", capture request header X")))
                .containsExactly("0.yaml:1:83: services.web.haproxy.listen[1]: `capture request header X`: no length"
                        + " (expected: capture request|response header NAME len N)");
    }

    @Test
    void aNativeKeyDecidesWhereSynapseFilesLog() {
        String file =
                synapse("log 127.0.0.1 local0", "log global, option dontlog-normal", "") + "access_log: {to: stderr}\n";

        assertThat(logged(file).destinations()).extracting(Destination::kind).containsExactly(Kind.STDERR);
        assertThat(logged(file).layout()).isEqualTo(Layout.TEXT);
        assertThat(logged(file).skipsNormal()).isTrue();
        assertThat(files.problems(file))
                .containsExactly("0.yaml:3:1: warning: access_log: is used instead of the log lines of haproxy.global");
    }

    @Test
    void frontendsLogToo() {
        String text = "access_log: {to: stderr}\nfrontends: {f: {bind: '127.0.0.1:8', default: web}, "
                + "g: {bind: '127.0.0.1:9', default: web, access_log: false, request_id: off, via: me}}\n"
                + WEB.formatted("");

        assertThat(files.load(text).config().frontends())
                .extracting(frontend -> frontend.accessLog() != null)
                .containsExactly(true, false);
        ClientConfig silent = files.load(text).config().frontends().get(1).client();
        assertThat(silent.requestId().mode()).isEqualTo(Mode.OFF);
        assertThat(silent.via()).isEqualTo("me");
    }

    @Test
    void theSharedFrontendLogsWhatItsLinesSay() {
        String text = "services: {web: {default_servers: ['h:1'], haproxy: {listen: [mode http]}}}\n"
                + "haproxy: {global: [log 127.0.0.1 local0], shared_frontend: ['bind :80', default_backend web,"
                + " log global, option httplog]}\n";

        assertThat(files.load(text).config().frontends().get(0).accessLog()).isNotNull();
    }

    @Test
    void requestsGetAnIdentityUnlessHaproxyIsConfigured() {
        assertThat(client(WEB.formatted("")).requestId()).isEqualTo(RequestIdConfig.DEFAULT);
        assertThat(client(synapse("", "", "")).requestId()).isEqualTo(RequestIdConfig.OFF);
        assertThat(client(WEB.formatted("")).via()).isNull();
    }

    @Test
    void theIdentityIsConfigurable() {
        assertThat(client(WEB.formatted(", request_id: off")).requestId().mode())
                .isEqualTo(Mode.OFF);
        assertThat(client(WEB.formatted(", request_id: generate")).requestId().mode())
                .isEqualTo(Mode.GENERATE);
        assertThat(client(WEB.formatted(", request_id: {header: X-Trace, form: uuid}"))
                        .requestId())
                .isEqualTo(new RequestIdConfig(Mode.KEEP, "X-Trace", RequestIdConfig.Form.UUID));
        assertThat(client(WEB.formatted(", via: edge")).via()).isEqualTo("edge");
        assertThat(client(WEB.formatted(", via: off")).via()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"request_id: maybe", "request_id: {header: 'a b'}", "request_id: {form: base64}", "via: 'a b'"})
    void anIdentityThatMakesNoSenseIsNamed(String key) {
        assertThat(files.problems(WEB.formatted(", " + key)))
                .singleElement()
                .asString()
                .contains("(expected: ")
                .contains(key.substring(0, 3));
    }

    @Test
    void uniqueIdLinesAreHonoured() {
        Map.of(
                        "%{+X}o\\ %ci:%cp_%fi:%fp_%Ts_%rt:%pid", RequestIdConfig.Form.CONNECTION,
                        "%[uuid()]", RequestIdConfig.Form.UUID)
                .forEach((format, form) -> {
                    String text = synapse("", "", ", 'unique-id-format " + format + "', unique-id-header X-Unique-ID");
                    assertThat(client(text).requestId())
                            .isEqualTo(new RequestIdConfig(Mode.GENERATE, "X-Unique-ID", form));
                    assertThat(files.problems(text)).isEmpty();
                });
        String other = synapse("", "", ", unique-id-header X-Id, 'unique-id-format %rt'");
        assertThat(client(other).requestId().form()).isEqualTo(RequestIdConfig.Form.HEX);
        assertThat(files.problems(other))
                .singleElement()
                .asString()
                .endsWith("identities are 32 random hexadecimal digits");
        assertThat(client(synapse("", "", ", unique-id-header X-Id")).requestId())
                .isEqualTo(RequestIdConfig.OFF);
    }
}
