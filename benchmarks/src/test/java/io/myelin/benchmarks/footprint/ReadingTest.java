package io.myelin.benchmarks.footprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ReadingTest {
    private static final String STATUS = "Name:\tjava\nVmHWM:\t  170000 kB\nVmRSS:\t  160000 kB\nThreads:\t19\n";
    private static final String HISTOGRAM = "   1:  13622  6157504  [J (java.base@25)\nTotal  250000  21000000\n";
    private static final String METRICS = "myelin_jvm_direct_memory_used_bytes{owner=\"jvm\"} 750000.0\n"
            + "myelin_jvm_direct_memory_used_bytes{owner=\"netty\"} 660000.0\n";

    @Test
    void takesItsNumbersFromWhatTheSystemPrints() throws IOException {
        assertThat(Reading.parse(STATUS, HISTOGRAM, METRICS)).isEqualTo(new Reading(163_840_000, 21_000_000, 750_000));
        assertThat(Reading.parse(STATUS, HISTOGRAM, METRICS.replace("750000.0", "7.5E5"))
                        .direct())
                .isEqualTo(750_000);
    }

    @Test
    void dividesWhatWasAdded() {
        assertThat(new Reading(1, 21_000, 900).perConnection(new Reading(2, 11_000, 400), 10))
                .isEqualTo(1_050);
    }

    @Test
    void saysWhatItCouldNotRead() {
        assertThatThrownBy(() -> Reading.parse(STATUS, "", METRICS))
                .isInstanceOf(IOException.class)
                .hasMessage("no total of the class histogram to be read (expected: Linux, and a JDK with jcmd)");
    }
}
