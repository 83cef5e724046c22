package io.myelin.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DemoIT {
    @Test
    void everyEventHappensOnceAndThenItEnds() throws IOException, InterruptedException {
        try (MyelinProcess process = MyelinProcess.start("demo", "--once", "--pace", "300ms")) {
            process.awaitLine(line -> line.startsWith("  curl http://127.0.0.1:"));
            process.awaitLine(line -> line.startsWith("event ") && line.contains("deregistered"));
            process.awaitLine(line -> line.startsWith("event ") && line.contains("died"));
            process.awaitLine(line -> line.startsWith("event ") && line.contains("alive again"));
            process.awaitLine(line -> line.startsWith("event ") && line.contains("is new"));
            process.awaitLine(line -> line.startsWith("event ") && line.contains("left for good"));

            assertThat(process.exitCode()).isZero();
            assertThat(process.errors()).doesNotContain("ERROR");
        }
    }
}
