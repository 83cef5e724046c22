package io.myelin.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.server.BindAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {
    private final DurationConverter durations = new DurationConverter();
    private final AddressConverter addresses = new AddressConverter();

    @Test
    void everyUnitOfTimeIsUnderstood() {
        assertThat(durations.convert("250ms")).isEqualTo(Duration.ofMillis(250));
        assertThat(durations.convert("30s")).isEqualTo(Duration.ofSeconds(30));
        assertThat(durations.convert("2m")).isEqualTo(Duration.ofMinutes(2));
        assertThat(durations.convert("1h")).isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "-1s", "s", "1.5s", "1d", "99999999999999999999s"})
    void anythingElseIsNoTime(String text) {
        assertThatThrownBy(() -> durations.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("expected");
    }

    @Test
    void anAddressHasAHostAndAPort() {
        assertThat(addresses.convert("127.0.0.1:9901")).isEqualTo(new BindAddress("127.0.0.1", 9901));
        assertThat(addresses.convert("localhost:0")).isEqualTo(new BindAddress("localhost", 0));
        assertThat(addresses.convert("*:80")).isEqualTo(new BindAddress("*", 80));
        assertThat(addresses.convert("[::1]:9901")).isEqualTo(new BindAddress("::1", 9901));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "9901", ":9901", "host:", "host:65536", "::1:9901", "http://host:80", "a b:80"})
    void anythingElseIsNoAddress(String text) {
        assertThatThrownBy(() -> addresses.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("expected");
    }
}
