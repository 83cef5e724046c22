package io.myelin.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTest {
    @Test
    void commandsAreBetweenSemicolons() {
        assertThat(CommandLine.commands("show stat; disable server  web/a ;\thelp"))
                .containsExactly(List.of("show", "stat"), List.of("disable", "server", "web/a"), List.of("help"));
    }

    @Test
    void aBackslashTakesASeparatorLiterally() {
        assertThat(CommandLine.commands("get weight web/a\\;b\\ c"))
                .containsExactly(List.of("get", "weight", "web/a;b c"));
    }

    @Test
    void anEmptyLineIsOneCommandWithoutWords() {
        assertThat(CommandLine.commands("")).containsExactly(List.of());
        assertThat(CommandLine.commands(" \r")).containsExactly(List.of());
    }
}
