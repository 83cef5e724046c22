package io.myelin.benchmarks.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.benchmarks.conformance.Suite.Result;
import io.myelin.benchmarks.conformance.Verdict.Grade;
import io.myelin.pool.PoolCounter;
import io.myelin.testing.Await;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Myelin passes every case: an expectation that it misses is a defect, or a decision to be written into the case. */
@Timeout(120)
class ConformanceTest {
    @Test
    void everyCasePasses() throws IOException, InterruptedException {
        try (MyelinContender myelin = new MyelinContender()) {
            List<Result> results = Suite.run(myelin, Suite.cases());

            assertThat(results)
                    .hasSizeGreaterThan(1_000)
                    .filteredOn(result -> result.verdict().grade() != Grade.PASS)
                    .extracting(result ->
                            result.category() + ": " + result.conversation().name() + " " + result.verdict())
                    .isEmpty();
            Await.until(
                    "nothing is in flight",
                    () -> myelin.pools().stream().allMatch(pool -> pool.total(PoolCounter.IN_FLIGHT) == 0));
        }
    }
}
