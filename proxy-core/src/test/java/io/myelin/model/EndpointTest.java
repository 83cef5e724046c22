package io.myelin.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EndpointTest {
    @Test
    void aUnixSocketIsKnownByItsPath() {
        Endpoint endpoint = Endpoint.ofUnix("a", "/run/a:1.sock");

        assertThat(endpoint.unix()).isTrue();
        assertThat(endpoint.id()).hasToString("a_/run/a:1.sock");
        assertThat(endpoint.address()).isEqualTo("/run/a:1.sock");
        assertThat(endpoint.withPort(80)).isEqualTo(endpoint);
        assertThat(Endpoint.ofUnix("", "/run/a").id()).hasToString("/run/a");
    }

    @Test
    void aPortIsOfAnAddressOnly() {
        assertThatThrownBy(() -> Endpoint.of("", "/run/a", 80))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port: 80 (expected: 0 for a Unix socket)");
        assertThatThrownBy(() -> Endpoint.of("", "h", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port: 0 (expected: 1..65535)");
    }
}
