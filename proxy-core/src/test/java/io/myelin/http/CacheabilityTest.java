package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** Every case was seen to be judged the same way by HAProxy 2.6. */
class CacheabilityTest {
    private static boolean judge(Method method, int status, String fields) {
        return Cacheability.of(method, Heads.response("HTTP/1.1 " + status + " X\r\n" + fields + "\r\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "''                                               | false",
                "ETag: \"x\"                                      | true",
                "etag: x                                          | true",
                "Last-Modified: x                                 | true",
                "Expires: 0                                       | true",
                "Cache-Control: public                            | false",
                "Cache-Control: max-age=10                        | true",
                "Cache-Control: max-age=00                        | true",
                "Cache-Control: s-maxage=5                        | true",
                "Cache-Control: max-age=0                         | false",
                "Cache-Control: must-revalidate                   | false",
                "ETag: x@Cache-Control: public                    | true",
                "ETag: x@Cache-Control: private                   | false",
                "ETag: x@Cache-Control: PRIVATE                   | false",
                "ETag: x@Cache-Control: no-cache                  | false",
                "ETag: x@Cache-Control: no-store                  | false",
                "ETag: x@Cache-Control: max-age=0                 | false",
                "ETag: x@Cache-Control: s-maxage=0                | false",
                "ETag: x@Cache-Control: must-revalidate           | true",
                "ETag: x@Cache-Control: no-cache=\"set-cookie\"   | true",
                "ETag: x@Cache-Control: no-cache=\"a, private\"   | true",
                "ETag: x@Cache-Control: private=\"x\"             | true",
                "ETag: x@Cache-Control: private, public           | true",
                "ETag: x@Cache-Control: public ,\tprivate         | false",
                "ETag: x@Cache-Control: max-age=0, s-maxage=5     | false",
                "Cache-Control: private@ETag: x                   | false",
                "ETag: x@Cache-Control: public@Cache-Control: private | false",
                "ETag: x@Pragma: no-cache                         | false",
                "ETag: x@Pragma: other                            | true",
                "Pragma: no-cache@Cache-Control: max-age=5        | false"
            })
    void fieldsSayWhetherAResponseMayBeKept(String fields, boolean cacheable) {
        String lines = fields.isEmpty() ? "" : fields.replace("@", "\r\n") + "\r\n";

        assertThat(judge(Method.GET, 200, lines)).isEqualTo(cacheable);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 203, 204, 206, 300, 301, 404, 405, 410, 414, 501})
    void theseAnswersMayBeKept(int status) {
        assertThat(judge(Method.GET, status, "ETag: x\r\n")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 302, 303, 304, 307, 308, 400, 403, 500, 502, 503, 504})
    void othersMayNot(int status) {
        assertThat(judge(Method.GET, status, "ETag: x\r\n")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"GET", "HEAD", "OPTIONS", "TRACE"})
    void answersToSafeRequestsMayBeKept(Method method) {
        assertThat(judge(method, 200, "ETag: x\r\n")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"GET", "HEAD", "OPTIONS", "TRACE"})
    void answersToOthersMayNot(Method method) {
        assertThat(judge(method, 200, "ETag: x\r\n")).isFalse();
    }
}
