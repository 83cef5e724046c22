package io.myelin.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointOptionsTest {
    @Test
    void eachOptionIsFoundAmongOthers() {
        assertThat(EndpointOptions.parse(" id 12 backup  weight 50 maxconn 5 check port 81 disabled"))
                .isEqualTo(new EndpointOptions(true, true, 50, 12, 81, false, null));
    }

    @Test
    void theLaterOfTwoCounts() {
        assertThat(EndpointOptions.parse("weight 1 backup disabled weight 0 no-backup enabled"))
                .isEqualTo(new EndpointOptions(false, false, 0, null, null, false, null));
    }

    @Test
    void whoIsNotCheckedByItselfIsFound() {
        assertThat(EndpointOptions.parse("track other/a").track()).isEqualTo("other/a");
        assertThat(EndpointOptions.parse("track a track").track()).isEqualTo("a");
        assertThat(EndpointOptions.parse("check no-check").unchecked()).isTrue();
        assertThat(EndpointOptions.parse("no-check check").unchecked()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "weight",
                "weight x id -1 port",
                "weight 257 id 0 port 65536",
                "backups cookie x",
                "track"
            })
    void whatIsBadlyWrittenIsNotWritten(String options) {
        assertThat(EndpointOptions.parse(options)).isEqualTo(EndpointOptions.NONE);
    }
}
