package io.myelin.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WarningsTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Warnings warnings = new Warnings();

    @Test
    void oneASecondIsDueAndTheOthersAreCounted() {
        assertThat(warnings.due(5)).isTrue();
        assertThat(warnings.due(5 + SECOND - 1)).isFalse();
        assertThat(warnings.due(5 + SECOND - 1)).isFalse();
        assertThat(warnings.due(5 + SECOND)).isTrue();

        assertThat(warnings.takeSuppressed()).isEqualTo(2);
        assertThat(warnings.takeSuppressed()).isZero();
    }
}
