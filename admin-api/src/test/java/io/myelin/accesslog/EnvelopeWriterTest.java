package io.myelin.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.log.Envelope;
import io.myelin.log.Envelope.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvelopeWriterTest {
    private final EnvelopeWriter writer = new EnvelopeWriter(new Surroundings("edge-7", 4_711, () -> 0));

    @ParameterizedTest
    @CsvSource({
        "LOCAL, '<134>Feb (6|7| 6| 7) ..:14:14 haproxy\\[4711\\]: text'",
        "RFC3164, '<134>Feb (6|7| 6| 7) ..:14:14 edge-7 haproxy\\[4711\\]: text'",
        "RFC5424, '<134>1 2009-02-0.T..:14:14\\.655000[+-]..:.. edge-7 haproxy 4711 - - text'",
        "PRIORITY, '<134>text'",
        "SHORT, '<6>text'",
        "TIMED, '<6>2009-02-0.T..:14:14\\.655000[+-]..:.. text'",
        "ISO, '2009-02-0.T..:14:14\\.655000[+-]..:.. text'",
        "RAW, text"
    })
    void aMessageHasItsHeader(Form form, String pattern) {
        Envelope envelope = new Envelope(form, 16, 7, 0, "haproxy", 1_024);

        assertThat(writer.message(envelope, Envelope.INFO, Records.AT_MILLIS, "text"))
                .matches(pattern);
    }

    @Test
    void aDayOfOneDigitIsPadded() {
        Envelope envelope = new Envelope(Form.LOCAL, 16, 7, 0, "haproxy", 1_024);

        assertThat(writer.message(envelope, Envelope.INFO, Records.AT_MILLIS, "text"))
                .startsWith("<134>Feb  ");
    }

    @Test
    void aMessageIsCutAtItsLimit() {
        Envelope envelope = new Envelope(Form.PRIORITY, 16, 7, 0, "", 8);

        assertThat(writer.message(envelope, Envelope.INFO, 0, "0123456789")).isEqualTo("<134>012");
    }

    @Test
    void levelsDecideWhatIsSent() {
        Envelope notices = new Envelope(Form.SHORT, 16, 5, 0, "", 99);
        Envelope mild = new Envelope(Form.SHORT, 16, 7, 4, "", 99);

        assertThat(EnvelopeWriter.sends(notices, Envelope.INFO)).isFalse();
        assertThat(EnvelopeWriter.sends(notices, Envelope.ERROR)).isTrue();
        assertThat(writer.message(mild, Envelope.ERROR, 0, "x")).isEqualTo("<4>x");
        assertThat(writer.message(mild, Envelope.INFO, 0, "x")).isEqualTo("<6>x");
    }
}
