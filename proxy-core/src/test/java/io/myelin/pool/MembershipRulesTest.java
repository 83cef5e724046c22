package io.myelin.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.model.Endpoint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MembershipRulesTest {
    private static final Endpoint A = Endpoint.of("a", "10.0.0.1", 80);
    private static final Endpoint B = Endpoint.of("b", "10.0.0.2", 80);
    private static final Endpoint D = Endpoint.of("d", "10.0.0.9", 80);

    @Test
    void defaultsServeUntilTheSourceSpeaks() {
        assertThat(rules(List.of(D), false, true, null).initial()).containsExactly(D);
        assertThat(MembershipRules.DEFAULT.initial()).isEmpty();
    }

    @Test
    void aDefaultWhoseHostIsANameIsAtEveryAddressOfIt() {
        Endpoint named = Endpoint.of("n", "web.test", 80).withWeight(3);
        MembershipRules rules = rules(List.of(named, D), true, true, PortOverride.to(81));
        MembershipRules resolved =
                rules.resolved(Map.of("web.test", List.of("10.0.0.7", "10.0.0.8"), "other.test", List.of("10.0.0.9")));

        assertThat(resolved.initial()).containsExactly(named.withHost("10.0.0.7"), named.withHost("10.0.0.8"), D);
        assertThat(resolved.initial().get(0).id()).hasToString("n_10.0.0.7:80");
        assertThat(resolved.fold(List.of(), List.of(A)))
                .extracting(Endpoint::address)
                .containsExactly("10.0.0.1:81", "10.0.0.7:81", "10.0.0.8:81", "10.0.0.9:81");
        assertThat(resolved.weightOf(named.withHost("10.0.0.7"))).isEqualTo(3);
        assertThat(rules.resolved(Map.of())).isEqualTo(rules);
    }

    @Test
    void whatIsDiscoveredReplacesTheDefaults() {
        assertThat(rules(List.of(D), false, true, null).fold(List.of(D), List.of(A, B)))
                .containsExactly(A, B);
    }

    @Test
    void keptDefaultsJoinWhatIsDiscovered() {
        assertThat(rules(List.of(D), true, true, null).fold(List.of(D), List.of(A)))
                .containsExactly(A, D);
    }

    @Test
    void anOverriddenPortAppliesToWhatIsDiscoveredAndToKeptDefaults() {
        assertThat(rules(List.of(D), true, true, PortOverride.to(81)).fold(List.of(), List.of(A)))
                .containsExactly(A.withPort(81), D.withPort(81));
    }

    @Test
    void anOverriddenPortDoesNotApplyToDefaultsThatStandIn() {
        MembershipRules rules = rules(List.of(D), false, true, PortOverride.to(81));

        assertThat(rules.initial()).containsExactly(D);
        assertThat(rules.fold(List.of(A), List.of())).containsExactly(D);
    }

    @Test
    void anOverriddenPortMayCountFromTheRegisteredOne() {
        MembershipRules up = rules(List.of(D), true, true, PortOverride.by(1000));
        MembershipRules down = rules(List.of(), false, true, PortOverride.by(-79));

        assertThat(up.fold(List.of(), List.of(A))).containsExactly(A.withPort(1080), D.withPort(1080));
        assertThat(down.fold(List.of(), List.of(A, B.withPort(81)))).containsExactly(A.withPort(1), B.withPort(2));
        assertThat(down.fold(List.of(B), List.of())).containsExactly(B.withPort(1));
    }

    @Test
    void anEndpointWithoutAPortThereIsLeftOutAndNamed() {
        MembershipRules down = rules(List.of(), false, true, PortOverride.by(-80));
        Endpoint high = B.withPort(8080);

        assertThat(down.fold(List.of(), List.of(A, high))).containsExactly(B.withPort(8000));
        assertThat(down.misfits(List.of(A, high)))
                .containsExactly(new PassedOver(A, "no port is -80 from its own (backend_port_override)"));
        assertThat(rules(List.of(), false, true, PortOverride.to(1)).misfits(List.of(A)))
                .isEmpty();
    }

    @Test
    void whenNoEndpointHasAPortThereTheDefaultsStandIn() {
        assertThat(rules(List.of(D), false, true, PortOverride.by(65_500)).fold(List.of(), List.of(A)))
                .containsExactly(D);
    }

    @Test
    void aUnixSocketHasNoPortToOverride() {
        Endpoint socket = Endpoint.ofUnix("u", "/run/u.sock");

        assertThat(rules(List.of(), false, true, PortOverride.by(5)).fold(List.of(), List.of(socket)))
                .containsExactly(socket);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "65536, false", "-1, false", "65535, true", "-65535, true"})
    void refusesAPortOverrideThatFitsNoEndpoint(int number, boolean relative) {
        assertThatThrownBy(() -> new PortOverride(number, relative))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("backend_port_override: " + number + " (expected: "
                        + (relative ? "-65534..65534" : "1..65535") + ")");
    }

    @Test
    void ofEndpointsWithOneIdentityTheFirstStays() {
        assertThat(rules(List.of(A.withWeight(3)), true, true, null)
                        .fold(List.of(), List.of(A.withWeight(1), B, A.withWeight(2))))
                .containsExactly(A.withWeight(1), B);
    }

    @Test
    void endpointsThatAnOverriddenPortMakesOneAreOne() {
        assertThat(rules(List.of(), false, true, PortOverride.to(81)).fold(List.of(), List.of(A, A.withPort(90))))
                .containsExactly(A.withPort(81));
    }

    @Test
    void anotherNameIsAnotherIdentity() {
        Endpoint renamed = Endpoint.of("z", A.host(), A.port());

        assertThat(MembershipRules.DEFAULT.fold(List.of(), List.of(A, renamed))).containsExactly(A, renamed);
    }

    @Test
    void anEmptyDeliveryFallsBackToDefaultsFirst() {
        assertThat(rules(List.of(D), false, true, null).fold(List.of(A), List.of()))
                .containsExactly(D);
    }

    @Test
    void anEmptyDeliveryKeepsThePreviousWithoutDefaults() {
        assertThat(rules(List.of(), false, true, null).fold(List.of(A), List.of()))
                .containsExactly(A);
    }

    @Test
    void anEmptyDeliveryEmptiesThePoolIfToldSo() {
        assertThat(rules(List.of(), false, false, null).fold(List.of(A), List.of()))
                .isEmpty();
    }

    @Test
    void aPoolOfBackupsMarksEveryEndpoint() {
        MembershipRules rules = new MembershipRules(List.of(D), true, true, null, 1, false, true);

        assertThat(rules.initial()).containsExactly(D.withBackup(true));
        assertThat(rules.fold(List.of(), List.of(A))).containsExactly(A.withBackup(true), D.withBackup(true));
    }

    @Test
    void aStatedWeightCountsIfItIsToBeUsed() {
        MembershipRules unused = new MembershipRules(List.of(), false, true, null, 7, false, false);
        MembershipRules used = new MembershipRules(List.of(), false, true, null, 7, true, false);

        assertThat(unused.weightOf(A.withWeight(20))).isEqualTo(7);
        assertThat(used.weightOf(A.withWeight(20))).isEqualTo(20);
        assertThat(used.weightOf(A.withWeight(0))).isZero();
        assertThat(used.weightOf(A)).isEqualTo(7);
    }

    @Test
    void theWeightOfADefaultAlwaysCounts() {
        Endpoint heavy = D.withWeight(5);
        MembershipRules plain = rules(List.of(heavy), false, true, null);
        MembershipRules moved = new MembershipRules(List.of(heavy), true, true, PortOverride.to(81), 1, false, true);

        assertThat(plain.weightOf(plain.initial().get(0))).isEqualTo(5);
        assertThat(moved.weightOf(moved.initial().get(0))).isEqualTo(5);
        assertThat(moved.weightOf(moved.fold(List.of(), List.of()).get(0))).isEqualTo(5);
        assertThat(moved.weightOf(A.withWeight(5))).isEqualTo(1);
    }

    @Test
    void refusesAWeightOutOfRange() {
        assertThatThrownBy(() -> new MembershipRules(List.of(), false, true, null, 257, false, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weight: 257 (expected: 0..256)");
    }

    private static MembershipRules rules(
            List<Endpoint> defaults, boolean keepDefaults, boolean usePrevious, @Nullable PortOverride portOverride) {
        return new MembershipRules(defaults, keepDefaults, usePrevious, portOverride, 1, false, false);
    }
}
