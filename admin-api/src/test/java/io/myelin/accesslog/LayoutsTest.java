package io.myelin.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.myelin.log.AccessConfig;
import io.myelin.log.AccessConfig.Capture;
import io.myelin.log.AccessRecord;
import io.myelin.log.AccessRecord.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines of text and of JSON. */
class LayoutsTest {
    private static final String HOSTILE = "/x\" 200 \\ \r\n\u0000\u001b[2J\u007f\u0085\u00ff";

    private static String text(AccessRecord record) {
        StringBuilder out = new StringBuilder();
        new TextLayout().append(record, out);
        return out.toString();
    }

    private static String json(AccessRecord record) {
        StringBuilder out = new StringBuilder();
        new JsonLayout(AccessConfig.DEFAULT
                        .with()
                        .requestHeaders(List.of(new Capture("A", 9)))
                        .build())
                .append(record, out);
        return out.toString();
    }

    private static JsonNode parsed(AccessRecord record) {
        try {
            return new ObjectMapper().readTree(json(record));
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + json(record), e);
        }
    }

    @Test
    void textIsLikeTheCombinedFormat() {
        assertThat(text(Records.ok()))
                .matches("10\\.0\\.1\\.2 - - \\[0[67]/Feb/2009:..:14:14\\.655 [+-]\\d{4}\\]"
                        + " \"GET /index\\.html\\?a=b HTTP/1\\.1\" 200 2750 \"-\" \"curl/8\" .*")
                .endsWith(" port=33317 listener=web pool=static member=i-7_10.0.0.7:9001 host=www in=123 head=10.000"
                        + " queue=0.000 connect=30.000 first_byte=69.000 total=109.000 self=1.000 retries=0 snapshot=3"
                        + " state=-- failure=- rule=- id=0af7651916cd43dd8448eb211c80319c");
    }

    @Test
    void whatTheClientsTlsSaysComesLast() throws JsonProcessingException {
        assertThat(text(Records.encrypted()))
                .endsWith(" id=0af7651916cd43dd8448eb211c80319c tls=TLSv1.3 cipher=TLS_AES_128_GCM_SHA256 sni=web.Test"
                        + " alpn=- resumed=1 subject=/C=DE/CN=M\\xC3\\xBCller");
        assertThat(parsed(Records.encrypted()).path("tls"))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"version\":\"TLSv1.3\",\"cipher\":\"TLS_AES_128_GCM_SHA256\",\"sni\":\"web.Test\","
                                + "\"resumed\":true,\"subject\":\"/C=DE/CN=M\u00fcller\"}"));
        assertThat(parsed(Records.ok()).has("tls")).isFalse();
    }

    @Test
    void textSaysWhatIsNotThere() {
        assertThat(text(Records.refused()))
                .contains("] \"-\" 400 187 \"-\" \"-\" port=33317 listener=web pool=- member=- host=- in=4 head=-")
                .endsWith(" state=PR failure=malformed_request rule=host id=-");
        assertThat(text(Records.tunnel())).contains("] \"TCP\" - 7 \"-\" \"-\" ");
    }

    @Test
    void textCannotBeBrokenByAClient() {
        AccessRecord record = Records.ok(
                new Request("G", HOSTILE, "HTTP/1.1", HOSTILE, HOSTILE, HOSTILE), List.of(HOSTILE), List.of());

        assertThat(text(record))
                .matches("[ -~]+")
                .contains("\"G /x\\\" 200 \\\\ \\x0D\\x0A\\x00\\x1B[2J\\x7F\\x85\\xFF HTTP/1.1\" 200 ")
                .contains(" host=/x\\x22\\x20200\\x20\\x5C\\x20\\x0D\\x0A\\x00\\x1B[2J\\x7F\\x85\\xFF in=");
    }

    @Test
    void jsonIsOneObjectALine() {
        JsonNode line = parsed(Records.ok(Records.GET, List.of("value"), List.of()));

        assertThat(line.path("time").asText()).isEqualTo("2009-02-06T12:14:14.655Z");
        assertThat(line.path("client").asText()).isEqualTo("10.0.1.2");
        assertThat(line.path("listener").asText()).isEqualTo("web");
        assertThat(line.path("pool").asText()).isEqualTo("static");
        assertThat(line.path("member").asText()).isEqualTo("i-7_10.0.0.7:9001");
        assertThat(line.path("method").asText()).isEqualTo("GET");
        assertThat(line.path("target").asText()).isEqualTo("/index.html?a=b");
        assertThat(line.path("status").asInt()).isEqualTo(200);
        assertThat(line.path("bytes_in").asInt()).isEqualTo(123);
        assertThat(line.path("millis").path("first_byte").asDouble()).isEqualTo(69);
        assertThat(line.path("millis").path("self").asDouble()).isEqualTo(1);
        assertThat(line.path("snapshot").asInt()).isEqualTo(3);
        assertThat(line.path("id").asText()).hasSize(32);
        assertThat(line.path("request_headers").path("A").asText()).isEqualTo("value");
        assertThat(line.has("failure")).isFalse();
        assertThat(line.has("referer")).isFalse();
    }

    @Test
    void jsonLeavesOutWhatIsNotThere() {
        JsonNode line = parsed(Records.refused());

        assertThat(line.path("failure").asText()).isEqualTo("malformed_request");
        assertThat(line.path("rule").asText()).isEqualTo("host");
        assertThat(line.has("method")).isFalse();
        assertThat(line.has("member")).isFalse();
        assertThat(line.path("millis").has("head")).isFalse();
        assertThat(parsed(Records.tunnel()).has("status")).isFalse();
        assertThat(parsed(Records.tunnel()).path("protocol").asText()).isEqualTo("tcp");
    }

    @Test
    void jsonCannotBeBrokenByAClient() {
        AccessRecord record = Records.ok(HOSTILE);

        assertThat(json(record)).matches("[ -~]+");
        assertThat(parsed(record).path("target").asText()).isEqualTo(HOSTILE);
    }
}
