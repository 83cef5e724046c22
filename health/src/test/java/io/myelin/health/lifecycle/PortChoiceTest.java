package io.myelin.health.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.health.lifecycle.ProbeSubject.Port;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PortChoiceTest {
    private static final Port WEB = new Port(8080, "http", "127.0.0.1", 41001);
    private static final Port ADMIN = new Port(9090, "http", "127.0.0.1", 41002);
    private static final Port SECURE = new Port(8443, "https", "127.0.0.1", 41003);
    private static final Port PLAIN = new Port(7000, "", "127.0.0.1", 41004);
    private static final Port DISCOVERED = new Port(0, "", "10.0.0.1", 5000);

    @Test
    void scenario11GoesByTheExternalPort() {
        assertThat(choice(9090, WEB, ADMIN).speaking("")).isEqualTo(ADMIN);
        assertThat(choice(9090, WEB, ADMIN).first()).isEqualTo(ADMIN);
    }

    @Test
    void scenario11NamesServiceProbeAndPortThatNoBindingHas() {
        assertThatThrownBy(() -> choice(7777, WEB, ADMIN).speaking(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("service web: readiness: port: 7777"
                        + " (expected: one of the service's bindings, whose ports are 8080, 9090)");
    }

    @Test
    void goesByTheProtocol() {
        assertThat(choice(null, WEB, SECURE).speaking("https")).isEqualTo(SECURE);
        assertThat(choice(null, SECURE, WEB).speaking("")).isEqualTo(WEB);
        assertThat(choice(null, PLAIN, SECURE).speaking("")).isEqualTo(SECURE);
        assertThatThrownBy(() -> choice(null, WEB).speaking("https")).hasMessageContaining("protocol: https");
    }

    @Test
    void asksABindingWhoseProtocolNobodySaid() {
        assertThat(choice(null, PLAIN).speaking("http")).isEqualTo(PLAIN);
        assertThat(choice(null, PLAIN).speaking("")).isEqualTo(PLAIN);
    }

    @Test
    void takesAPortByItsNumberWhateverItSpeaks() {
        Port queue = new Port(5672, "amqp", "127.0.0.1", 41005);

        assertThat(choice(5672, WEB, queue).speaking("")).isEqualTo(queue);
        assertThatThrownBy(() -> choice(5672, WEB, queue).speaking("http")).hasMessageContaining("amqp");
    }

    @Test
    void anInstanceThatNobodyKnowsByAnotherPortIsAskedAtItsOwn() {
        assertThat(choice(null, DISCOVERED).speaking("")).isEqualTo(DISCOVERED);
        assertThat(choice(9000, DISCOVERED).speaking("https")).isEqualTo(new Port(0, "", "10.0.0.1", 9000));
    }

    @Test
    void refusesAnInstanceThatListensNowhere() {
        assertThatThrownBy(() -> choice(null).first()).hasMessageContaining("service web: readiness: no port is known");
    }

    private static PortChoice choice(@Nullable Integer port, Port... ports) {
        return new PortChoice(new ProbeSubject("web", "web_1", List.of(ports)), "readiness", port);
    }
}
