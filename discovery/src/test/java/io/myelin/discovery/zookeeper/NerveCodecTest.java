package io.myelin.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.model.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NerveCodecTest {
    private final List<String> remarks = new ArrayList<>();

    @Test
    void readsEverythingThatNerveWrites() throws Exception {
        Endpoint endpoint = decode("""
                {"host": "10.0.0.7", "port": 8080, "name": "i-7", "weight": 10,
                 "haproxy_server_options": "backup", "labels": {"zone": "a", "rack": 3, "none": null}, "other": [1]}
                """);

        assertThat(endpoint)
                .isEqualTo(Endpoint.of("i-7", "10.0.0.7", 8080)
                        .withWeight(10)
                        .withOptions("backup")
                        .withLabels(Map.of("zone", "a", "rack", "3"))
                        .withSequence(5L));
        assertThat(remarks).isEmpty();
    }

    @Test
    void takesNumbersFromStrings() throws Exception {
        Endpoint endpoint = decode("{\"host\": \"a\", \"port\": \"8888\", \"weight\": \"0\"}");

        assertThat(endpoint.port()).isEqualTo(8888);
        assertThat(endpoint.weight()).isZero();
    }

    @Test
    void leavesTheWeightOpenWhenNoneIsStated() throws Exception {
        assertThat(decode("{\"host\": \"a\", \"port\": 1, \"weight\": null, \"name\": null}"))
                .isEqualTo(Endpoint.of("", "a", 1).withSequence(5L));
        assertThat(remarks).isEmpty();
    }

    @Test
    void takesAnAddressOutOfItsBrackets() throws Exception {
        assertThat(decode("{\"host\": \"[::1]\", \"port\": 1}").address()).isEqualTo("[::1]:1");
    }

    @Test
    void ignoresAWeightThatIsNotANumber() throws Exception {
        assertThat(decode("{\"host\": \"a\", \"port\": 1, \"weight\": \"heavy\"}")
                        .weight())
                .isNull();
        assertThat(remarks).containsExactly("weight: \"heavy\" ignored (expected: 0..256)");
    }

    @Test
    void keepsAWeightWithinItsRange() throws Exception {
        assertThat(decode("{\"host\": \"a\", \"port\": 1, \"weight\": 1000}").weight())
                .isEqualTo(256);
        assertThat(decode("{\"host\": \"a\", \"port\": 1, \"weight\": -3}").weight())
                .isZero();
        assertThat(remarks)
                .containsExactly(
                        "weight: 1000 taken as 256 (expected: 0..256)", "weight: -3 taken as 0 (expected: 0..256)");
    }

    @Test
    void givesAnUnavailableEndpointNoWork() throws Exception {
        assertThat(decode("{\"host\": \"a\", \"port\": 1, \"weight\": 7, \"available\": false}")
                        .weight())
                .isZero();
        assertThat(decode("{\"host\": \"a\", \"port\": 1, \"weight\": 7, \"available\": true}")
                        .weight())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "[]",
                "{",
                "{\"port\": 1}",
                "{\"host\": \" \", \"port\": 1}",
                "{\"host\": {}, \"port\": 1}",
                "{\"host\": \"a\"}",
                "{\"host\": \"a\", \"port\": 0}",
                "{\"host\": \"a\", \"port\": 65536}",
                "{\"host\": \"a\", \"port\": true}",
                "{\"host\": \"a\", \"port\": 1e999999999}"
            })
    void refusesWhatIsNoEndpoint(String json) {
        assertThatThrownBy(() -> decode(json))
                .isInstanceOf(MalformedZnodeException.class)
                .hasMessageContaining("expected: ");
    }

    @Test
    void writesWhatItReads() throws Exception {
        Endpoint endpoint = Endpoint.of("i-7", "::1", 80)
                .withWeight(3)
                .withOptions("maxconn 5")
                .withLabels(Map.of("zone", "b"))
                .withSequence(5L);

        assertThat(NerveCodec.decode(NerveCodec.encode(endpoint), 5L, remarks::add))
                .isEqualTo(endpoint);
    }

    @Test
    void findsTheSequenceAfterTheLastUnderscore() {
        assertThat(ChildName.parse("i_abc_0000000005").sequence()).isEqualTo(5);
        assertThat(ChildName.parse("i-abc_").sequence()).isNull();
        assertThat(ChildName.parse("i-abc").sequence()).isNull();
        assertThat(ChildName.parse("i_99999999999999999999").sequence()).isNull();
    }

    @Test
    void readsARegistrationFromItsName() {
        // The text of this JSON contains both '_' and '-' when it is encoded.
        String json = "{\"host\":\"a\",\"port\":1,\"name\":\"\u00ff\u00fe??>>\u00ff\"}";
        String name = ChildName.encode(json.getBytes(StandardCharsets.UTF_8));

        assertThat(name).contains("-").matches("base64_\\d+_.*_.*_");
        assertThat(ChildName.parse(name + "0000000012")).isEqualTo(new ChildName(12L, json));
        assertThat(ChildName.parse(name.substring(0, name.length() - 1))).isEqualTo(new ChildName(null, json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "base64_99_e30_0000000012",
                "base64_x_e30_0000000012",
                "base64_2_e30_0000000012",
                "base64_4_!!!!_0000000012"
            })
    void leavesANameThatOnlyLooksEncodedToTheData(String name) {
        assertThat(ChildName.parse(name)).isEqualTo(new ChildName(12L, null));
    }

    private Endpoint decode(String json) throws MalformedZnodeException {
        return NerveCodec.decode(json.getBytes(StandardCharsets.UTF_8), 5L, remarks::add);
    }
}
