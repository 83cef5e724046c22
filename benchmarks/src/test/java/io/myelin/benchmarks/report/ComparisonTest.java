package io.myelin.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private final Comparison comparison = new Comparison(List.of(
            sample("small", 1, "myelin", 10),
            sample("small", 1, "haproxy", 20),
            sample("small", 2, "haproxy", 10),
            sample("small", 2, "myelin", 12),
            sample("small", 3, "myelin", 100),
            sample("small", 3, "haproxy", 100),
            sample("close", 1, "haproxy", 40)));

    @Test
    void ratiosAreTakenWithinARound() {
        Spread ratio = comparison.ratio("small", "myelin", "haproxy", Sample::cpuMicros);

        assertThat(ratio).isEqualTo(new Spread(1.0, 0.5, 1.2));
    }

    @Test
    void aContenderThatWasNotMeasuredHasNoRatio() {
        assertThat(comparison.ratio("close", "myelin", "haproxy", Sample::cpuMicros))
                .isNull();
    }

    @Test
    void theMedianOfAnEvenCountLiesBetweenTheMiddleTwo() {
        assertThat(Spread.of(4, 1, 2, 9)).isEqualTo(new Spread(3, 1, 9));
    }

    @Test
    void theReportShowsRatiosOnlyForWorkloadsOfTheSubject() {
        String report = new MarkdownReport(comparison, "myelin").toString();

        assertThat(report)
                .contains("| small | myelin/haproxy | 1.00 (0.50-1.20) |")
                .contains("| close | haproxy | 40.0 |")
                .doesNotContain("close | myelin");
    }

    @Test
    void aLineSurvivesTheWayThroughTheFile() {
        assertThat(Sample.parse("small\t2\tnginx\t1000\t2.000\t0\t10\t20\t30\t40\t3.5\t11.5"))
                .isEqualTo(new Sample("small", 2, "nginx", 1_000, 2, 0, 10, 20, 30, 40, 3.5, 11.5));
    }

    @Test
    void aShortLineIsRefusedWithTheColumnsItShouldHave() {
        assertThatThrownBy(() -> Sample.parse("small\t2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Sample.HEADER);
    }

    private static Sample sample(String workload, int round, String contender, double cpuMicros) {
        return new Sample(workload, round, contender, 1_000, 1, 0, 1, 2, 3, 4, cpuMicros / 4, cpuMicros * 3 / 4);
    }
}
