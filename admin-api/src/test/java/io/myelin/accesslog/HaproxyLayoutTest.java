package io.myelin.accesslog;

import static io.myelin.accesslog.Records.GET;
import static io.myelin.accesslog.Records.MEMBER;
import static io.myelin.accesslog.Records.timers;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.failure.Failure;
import io.myelin.log.AccessRecord;
import io.myelin.log.AccessRecord.Request;
import io.myelin.log.LogFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines beside those that HAProxy 2.6 writes of the same events. */
class HaproxyLayoutTest {
    private static final Surroundings HERE = new Surroundings("edge-7", 4_711, () -> 1);
    private static final String DATE = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss.SSS", Locale.ENGLISH)
            .format(Instant.ofEpochMilli(Records.AT_MILLIS).atZone(ZoneId.systemDefault()));

    private static String line(LogFormat format, int requestHeaders, int responseHeaders, AccessRecord record) {
        StringBuilder out = new StringBuilder();
        new HaproxyLayout(format, format, requestHeaders, responseHeaders, HERE).append(record, out);
        return out.toString();
    }

    private static String http(AccessRecord record) {
        return line(LogFormat.HTTP, 0, 0, record);
    }

    private static String custom(String format, AccessRecord record) {
        return line(LogFormat.parse(format), 0, 0, record);
    }

    @Test
    void aRequest() {
        assertThat(http(Records.ok()))
                .isEqualTo("10.0.1.2:33317 [" + DATE + "] web be_static/i-7_10.0.0.7:9001 10/0/30/69/109 200 2750 - -"
                        + " ---- 1/1/2/3/0 0/0 \"GET /index.html?a=b HTTP/1.1\"");
    }

    @Test
    void aRequestWithCapturedHeaders() {
        AccessRecord record = Records.ok(
                new Request("GET", "/a", "HTTP/1.1", "", null, null),
                List.of("1wt.eu", "a\"b|c{d}#\u00e9 z"),
                List.of());

        assertThat(line(LogFormat.HTTP, 2, 1, record))
                .endsWith(" 0/0 {1wt.eu|a#22b#7Cc#7Bd#7D#23#E9 z} {} \"GET /a HTTP/1.1\"");
    }

    @Test
    void aRefusedRequestShowsNoHeaders() {
        assertThat(line(LogFormat.HTTP, 2, 1, Records.refused()))
                .isEqualTo("10.0.1.2:33317 [" + DATE + "] web web/<NOSRV> -1/-1/-1/-1/2 400 187 - - PR--"
                        + " 1/1/0/0/0 0/0 \"<BADREQ>\"");
    }

    @Test
    void aRequestThatReachedNobody() {
        AccessRecord record =
                Records.failed(GET, MEMBER, timers(0, 0, -1, -1, 5), 503, Failure.CONNECT_FAILED, "SC", 2, true);

        assertThat(http(record))
                .contains(" be_static/i-7_10.0.0.7:9001 0/0/-1/-1/5 503 187 - - SC-- 1/1/0/0/+2 0/0 \"GET ");
    }

    @Test
    void aPoolWithoutMembers() {
        AccessRecord record =
                Records.failed(GET, null, timers(0, -1, -1, -1, 0), 503, Failure.NO_MEMBER, "SC", 0, false);

        assertThat(http(record)).contains(" be_static/<NOSRV> 0/-1/-1/-1/0 503 187 - - SC-- 1/1/0/0/0 0/0 \"");
    }

    @Test
    void aTunnel() {
        assertThat(line(LogFormat.TCP, 0, 0, Records.tunnel()))
                .isEqualTo("10.0.1.2:33317 [" + DATE + "] relay relay/i-7_10.0.0.7:9001 0/1/401 7 -- 2/2/1/0/0 0/0");
    }

    @Test
    void theCommonLogFormat() {
        assertThat(line(LogFormat.CLF, 1, 0, Records.ok(GET, List.of("www"), List.of())))
                .isEqualTo("10.0.1.2 - - [06/Feb/2009:12:14:14 +0000] \"GET /index.html?a=b HTTP/1.1\" 200 2750"
                        + " \"\" \"\" 33317 655 \"web\" \"be_static\" \"i-7_10.0.0.7:9001\" 10 0 30 69 109 ---- 1 1 2 3"
                        + " 0 0 0 \"\" \"\" \"www\" ");
    }

    @Test
    void theLineOfProxiesWithoutAFormat() {
        assertThat(custom("Connect from %ci:%cp to %fi:%fp (%f/HTTP)", Records.ok()))
                .isEqualTo("Connect from 10.0.1.2:33317 to 127.0.0.1:8080 (web/HTTP)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%si:%sp | 10.0.0.7:9001",
                "%Ts.%ms | 1233922454.655",
                "%T | 06/Feb/2009:12:14:14 +0000",
                "%Th %Tq %Td %Tt %Tu | 0 10 0 109 109",
                "%U %B | 123 2750",
                "%HM %HP %HQ %HU %HV %HPO | GET /index.html ?a=b /index.html?a=b HTTP/1.1 /index.html",
                "%ID %H %pid | 0af7651916cd43dd8448eb211c80319c edge-7 4711",
                "%[capture.req.hdr(0)] | -",
                "%{+Q}b %{+Q}CC | \"be_static\" \"\"",
                "{\"id\":\"%ID\",\"code\":%ST} | {\"id\":\"0af7651916cd43dd8448eb211c80319c\",\"code\":200}",
                "%% | %"
            })
    void aFormatOfOnesOwn(String format, String line) {
        assertThat(custom(format, Records.ok())).isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%sslv %sslc | TLSv1.3 TLS_AES_128_GCM_SHA256 | - -",
                "%[ssl_fc] %[ssl_fc_is_resumed] | 1 1 | 0 0",
                "%[ssl_fc_sni,lower] %[ssl_fc_alpn] | web.test - | - -",
                "%{+Q}[ssl_c_s_dn] %[ssl_c_s_dn(CN)] | \"/C=DE/CN=M#C3#BCller\" M#C3#BCller | \"\" -",
                "%[ssl_c_sha1,hex] %[ssl_c_sha1,hex,lower] | 00AB 00ab | - -"
            })
    void whatTheClientsTlsSays(String format, String encrypted, String plain) {
        assertThat(custom(format, Records.encrypted())).isEqualTo(encrypted);
        assertThat(custom(format, Records.ok())).isEqualTo(plain);
    }

    @Test
    void escapedTextMayStandInStructuredData() {
        assertThat(custom("%{+E}HU", Records.ok("/a]\\b"))).isEqualTo("/a\\]\\\\b");
    }

    @Test
    void whatAClientSendsEndsNeitherFieldNorLine() {
        String line = http(Records.ok("/x\" 200 \r\n\u0000\u007f\u0085\u00ffevil#"));

        assertThat(line).endsWith("\"GET /x#22 200 #0D#0A#00#7F#85#FFevil#23 HTTP/1.1\"");
        assertThat(line).matches("[ -~]+");
    }
}
