package io.myelin.benchmarks.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.benchmarks.conformance.Suite.Result;
import io.myelin.benchmarks.conformance.Verdict.Grade;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The suite sees what a proxy does wrong: one that passes every byte on lets requests be smuggled. */
@Timeout(60)
class SuiteTest {
    /** For cases in which a relay lets one wait. */
    private static final Duration SHORT = Duration.ofSeconds(1);

    @Test
    void everyCaseHasANameOfItsOwn() {
        Stream<String> names = Suite.cases().stream().map(one -> one.category() + ": " + one.name());

        assertThat(names).doesNotHaveDuplicates();
    }

    @Test
    void everyCaseExpectsSomethingBesidesSafety() {
        assertThat(Suite.cases()).allSatisfy(one -> assertThat(one.checks()).hasSizeGreaterThan(1));
    }

    @Test
    void aRelayOfBytesIsUnsafe() throws IOException, InterruptedException {
        List<Result> results = run("length and chunks", SHORT);

        assertThat(results)
                .isNotEmpty()
                .anySatisfy(result -> assertThat(result.verdict().grade()).isEqualTo(Grade.UNSAFE));
        assertThat(results)
                .allSatisfy(
                        result -> assertThat(result.verdict().grade()).isIn(Grade.UNSAFE, Grade.FAIL, Grade.DIFFERS));
    }

    @Test
    void aRelayOfBytesFailsWhereFieldsMustGo() throws IOException, InterruptedException {
        assertThat(run("Connection that names", SHORT))
                .isNotEmpty()
                .allSatisfy(result -> assertThat(result.verdict().grade()).isEqualTo(Grade.FAIL));
    }

    @Test
    void aRelayOfBytesPassesWhereBytesMustStay() throws IOException, InterruptedException {
        assertThat(run("the path / arrives", Duration.ofSeconds(10)))
                .isNotEmpty()
                .allSatisfy(result -> assertThat(result.verdict()).isEqualTo(Verdict.PASS));
    }

    private static List<Result> run(String name, Duration patience) throws IOException, InterruptedException {
        List<ConformanceCase> cases =
                Suite.cases().stream().filter(one -> one.name().contains(name)).toList();
        try (RelayContender relay = new RelayContender(patience)) {
            return Suite.run(relay, cases);
        }
    }
}
