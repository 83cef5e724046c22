package io.myelin.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateCodecTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final long NOW_MILLIS = 1_700_000_000_000L;

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        List<Endpoint> endpoints = List.of(
                Endpoint.of("i-1", "10.0.0.1", 80)
                        .withWeight(7)
                        .withLabels(Map.of("zone", "b", "az", ""))
                        .withOptions("weight 3 backup")
                        .withBackup(true)
                        .withSequence(12L),
                Endpoint.of("", "::1", 81),
                Endpoint.ofUnix("x", "/run/x.sock"));
        RememberedPool pool =
                new RememberedPool("web", endpoints, NOW_MILLIS, Map.of(new EndpointId("i-1_10.0.0.1:80"), 3));

        assertThat(StateCodec.read(StateCodec.write(List.of(pool), Map.of(), NOW_MILLIS), NOW_MILLIS, DAY)
                        .pools())
                .isEqualTo(Map.of("web", pool));
    }

    @Test
    void synapsesOwnFileIsReadWithoutServersThatHadLeft() throws IOException {
        String file = """
                {"web":{
                   "i-1_10.0.0.1:80":{"timestamp":1699999990,"haproxy_server_id":4,"name":"i-1","host":"10.0.0.1",
                     "port":"80","id":7,"weight":null,"haproxy_server_options":null,"labels":{"az":"b"}},
                   "i-2_10.0.0.2:80":{"timestamp":1699990000,"haproxy_server_id":5,"name":"i-2","host":"10.0.0.2",
                     "port":80,"id":8,"weight":"2","haproxy_server_options":"backup","labels":null},
                   "10.0.0.3:80":{"timestamp":1699999990,"host":"10.0.0.3","port":80},
                   "broken":{"timestamp":1699999990,"host":"10.0.0.4"},
                   "watcher_config_for_generator":{"listen":["mode http"],"port":3210}}}
                """;

        RememberedPool pool = Objects.requireNonNull(read(file).get("web"));

        assertThat(pool.endpoints())
                .containsExactly(
                        Endpoint.of("i-1", "10.0.0.1", 80)
                                .withLabels(Map.of("az", "b"))
                                .withSequence(7L),
                        Endpoint.of("", "10.0.0.3", 80));
        assertThat(pool.numbers()).isEqualTo(Map.of(new EndpointId("i-1_10.0.0.1:80"), 4));
        assertThat(pool.knownMillis()).isEqualTo(1_699_999_990_000L);
    }

    @Test
    void whatIsTooOldIsForgotten() throws IOException {
        String file = """
                {"old":{"a:1":{"timestamp":1699000000,"host":"a","port":1}},
                 "new":{"a:1":{"timestamp":1699999000,"host":"a","port":1}}, "empty":{}}
                """;

        assertThat(read(file)).containsOnlyKeys("new");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"web\":{\"a:1\":{\"timestamp\":16999", "not json", "5"})
    void whatIsNoSuchFileIsNotHalfRead(String file) {
        assertThatThrownBy(() -> read(file)).isInstanceOf(IOException.class);
    }

    @Test
    void aServiceThatIsNoMapHarmsOnlyItself() throws IOException {
        assertThat(
                        read(
                                "{\"bad\":5,\"worse\":[1],\"web\":{\"a:1\":{\"timestamp\":1699999000,\"host\":\"a\",\"port\":1}}}"))
                .containsOnlyKeys("web");
    }

    private static Map<String, RememberedPool> read(String file) throws IOException {
        return StateCodec.read(file.getBytes(UTF_8), NOW_MILLIS, DAY).pools();
    }
}
