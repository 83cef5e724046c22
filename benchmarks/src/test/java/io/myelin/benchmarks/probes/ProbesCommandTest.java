package io.myelin.benchmarks.probes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

@Timeout(30)
class ProbesCommandTest {
    @Test
    void countsProbesThatPass() {
        StringWriter out = new StringWriter();
        int code = new CommandLine(new ProbesCommand())
                .setOut(new PrintWriter(out, true))
                .execute("--instances", "5", "--period", "20", "--warm-up", "0", "--duration", "1");

        assertThat(code).isZero();
        assertThat(out.toString()).containsPattern("\\| [1-9]\\d+ \\| 0 \\| \\d+\\.\\d µs \\| \\d+\\.\\d % \\|");
    }

    @Test
    void refusesWhatItCannotDo() {
        StringWriter errors = new StringWriter();
        int code = new CommandLine(new ProbesCommand())
                .setErr(new PrintWriter(errors, true))
                .execute("--way", "udp");

        assertThat(code).isEqualTo(2);
        assertThat(errors.toString()).contains("--way udp").contains("expected: http or tcp");
    }
}
