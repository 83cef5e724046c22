package io.myelin.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.model.Endpoint;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServersetCodecTest {
    private static final String MEMBER = """
            {"serviceEndpoint": {"host": "10.0.0.7", "port": 8080},
             "additionalEndpoints": {"admin": {"host": "10.0.0.8", "port": "9990"}, "odd": 3},
             "status": "ALIVE", "shard": 3}
            """;

    @Test
    void takesTheServiceEndpointAndNamesItByItsShard() throws MalformedZnodeException {
        assertThat(decode("", MEMBER))
                .isEqualTo(Endpoint.of("3", "10.0.0.7", 8080).withSequence(5L));
    }

    @Test
    void takesTheNamedEndpoint() throws MalformedZnodeException {
        assertThat(decode("admin", MEMBER))
                .isEqualTo(Endpoint.of("3", "10.0.0.8", 9990).withSequence(5L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "odd"})
    void aMemberWithoutTheNamedEndpointIsMalformed(String name) {
        assertThatThrownBy(() -> decode(name, MEMBER))
                .isInstanceOf(MalformedZnodeException.class)
                .hasMessageStartingWith("additionalEndpoints." + name + ": ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"serviceEndpoint\": {\"host\": \"a\"}}", "{\"status\": \"ALIVE\"}"})
    void whatIsNoMemberIsMalformed(String json) {
        assertThatThrownBy(() -> decode("", json)).isInstanceOf(MalformedZnodeException.class);
    }

    @ParameterizedTest
    @CsvSource({"ALIVE,", "STARTING,", "DEAD, 0", "STOPPING, 0", "STOPPED, 0"})
    void aMemberThatEndsWeighsNothing(String status, Integer weight) throws MalformedZnodeException {
        assertThat(decode("", MEMBER.replace("ALIVE", status)).weight()).isEqualTo(weight);
    }

    @Test
    void aMemberWithoutAShardHasNoName() throws MalformedZnodeException {
        assertThat(decode("", "{\"serviceEndpoint\": {\"host\": \"a\", \"port\": 1}}")
                        .name())
                .isEmpty();
    }

    private static Endpoint decode(String name, String json) throws MalformedZnodeException {
        return ZnodeFormat.serverset(name)
                .codec()
                .decode(
                        json.getBytes(StandardCharsets.UTF_8),
                        5L,
                        remark -> assertThat(remark).isNull());
    }
}
