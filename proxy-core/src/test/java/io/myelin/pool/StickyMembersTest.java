package io.myelin.pool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.balance.Pick;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.HealthVerdict;
import io.myelin.model.HealthVerdict.State;
import io.myelin.pool.StickyConfig.Mode;
import io.myelin.pool.StickyConfig.Naming;
import io.myelin.testing.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StickyMembersTest {
    private static final Endpoint A = Endpoint.of("a", "10.0.0.1", 80);
    private static final Endpoint B = Endpoint.of("b", "10.0.0.2", 80);
    private static final Endpoint C = Endpoint.of("c", "10.0.0.3", 80);
    private static final HealthVerdict FAILING = new HealthVerdict(State.FAILING, "connect refused", 5);
    private static final StickyConfig STICKY = StickyConfig.inserted("SRV");

    private final Pool pool = pool(config(STICKY));

    /** A pool where the weights that endpoints state count. */
    private static PoolConfig config(@Nullable StickyConfig sticky) {
        return PoolConfig.named("web")
                .with()
                .sticky(sticky)
                .membership(new MembershipRules(List.of(), false, true, null, 1, true, false))
                .build();
    }

    private static Pool pool(PoolConfig config) {
        return new Pool(config, Runnable::run, new FakeClock(), bound -> 0, 1);
    }

    private void deliver(Endpoint... endpoints) {
        pool.replace(new EndpointSet("web", List.of(endpoints), "a test"));
    }

    private StickyMembers sticky() {
        return requireNonNull(pool.snapshot().sticky());
    }

    private @Nullable StickyMember find(String value) {
        byte[] bytes = ("; SRV=" + value + "; a").getBytes(ISO_8859_1);
        return sticky().find(bytes, 6, 6 + value.length());
    }

    private String opened(String value) {
        StickyMember found = find(value);
        return found == null ? "none" : found.member() + (found.open() ? " open" : " closed");
    }

    private static String value(StickyConfig config, Endpoint endpoint) {
        return CookieValue.of(config, endpoint);
    }

    // Values.

    @ParameterizedTest
    @CsvSource({"i-7,10.0.0.7,8080,i-7_10.0.0.7:8080", "'',10.0.0.7,8080,10.0.0.7:8080", "x,fe80::1,80,x_fe80::1:80"})
    void aMemberIsCalledAsSynapseNamesItsServer(String name, String host, int port, String value) {
        assertThat(value(STICKY, Endpoint.of(name, host, port))).isEqualTo(value);
    }

    @Test
    void aMemberIsCalledByTheHashOfItsName() {
        StickyConfig hashed = STICKY.with().naming(Naming.HASH).build();

        assertThat(value(hashed, Endpoint.of("i-7", "10.0.0.7", 8080)))
                .isEqualTo("28f008be0c66c98260bd6675ed89fe79d11fd701");
    }

    @ParameterizedTest
    @CsvSource({
        "'', cookie own, own",
        "all, '', all",
        "all, weight 5 cookie own check, own",
        "all, cookie first cookie last, last",
        "all, cookie, all",
        "all, mycookie x, all",
        "s%{port}-%{host}, '', s80-10.0.0.1",
        "%{name}, '', a_10.0.0.1:80",
        "all, cookie %{port}, 80",
        "'', cookie a;b, a_10.0.0.1:80",
        "'', cookie a|b, a_10.0.0.1:80",
        "'', cookie a~b, a_10.0.0.1:80"
    })
    void theLastWordOnAValueIsTheMembersOwn(String text, String options, String value) {
        assertThat(value(STICKY.with().text(text).build(), A.withOptions(options)))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"'a\r\nSet-Cookie: x=y'", "a;b", "'a b'", "a|b", "a~b", "'a\"b'", "a\\b", "ä"})
    void aNameThatWouldBreakACookieIsHashed(String name) {
        assertThat(value(STICKY, Endpoint.of(name, "h", 80))).matches("[0-9a-f]{40}");
    }

    // Look-up.

    @Test
    void everyMemberIsFoundByItsValueAndNobodyElse() {
        List<Endpoint> many = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            many.add(Endpoint.of("i-" + i, "10.0.0.1", 1 + i));
        }
        deliver(many.toArray(Endpoint[]::new));

        for (Endpoint endpoint : many) {
            assertThat(opened(endpoint.id().value())).isEqualTo(endpoint.id() + " open");
        }
        for (String stranger : List.of("", "i-5", "i-5_10.0.0.1:7", "I-5_10.0.0.1:6", "i-5_10.0.0.1:66")) {
            assertThat(find(stranger)).isNull();
        }
    }

    @Test
    void anEmptyPoolHasNobody() {
        assertThat(find("x")).isNull();
    }

    @Test
    void membersWithoutNewWorkStillTakeTheirClients() {
        deliver(A.withWeight(0), B, C.withBackup(true));
        pool.rest(B.id(), AdminState.DRAIN);

        assertThat(pool.snapshot().eligible()).extracting(Member::endpoint).containsExactly(C.withBackup(true));
        assertThat(opened("a_10.0.0.1:80")).endsWith("open");
        assertThat(opened("b_10.0.0.2:80")).endsWith("open");
        assertThat(opened("c_10.0.0.3:80")).endsWith("open");
    }

    @Test
    void aMemberOfWeightZeroGetsNoNewWork() {
        deliver(A.withWeight(0));

        assertThat(pool.snapshot().picker().pick(Pick.ANY)).isNull();
        assertThat(opened("a_10.0.0.1:80")).endsWith("open");
    }

    @Test
    void aBackupTakesItsClientsWhilePrimariesServe() {
        deliver(A, C.withBackup(true));

        assertThat(opened("c_10.0.0.3:80")).endsWith("open");
    }

    @Test
    void aMemberThatFailsIsKnownAndClosed() {
        deliver(A, B);
        pool.onVerdict(A.id(), FAILING);

        assertThat(opened("a_10.0.0.1:80")).endsWith("closed");
        assertThat(sticky().open(requireNonNull(find("a_10.0.0.1:80")).member()))
                .isFalse();
        assertThat(sticky().open(requireNonNull(find("b_10.0.0.2:80")).member()))
                .isTrue();
    }

    @Test
    void aPoolThatPersistsHeedsTheCookieOfAFailingMember() {
        pool.reconfigure(PoolConfig.named("web")
                .with()
                .sticky(STICKY.with().persist(true).build())
                .build());
        deliver(A, B);
        pool.onVerdict(A.id(), FAILING);

        assertThat(opened("a_10.0.0.1:80")).endsWith("open");
    }

    @Test
    void aPoolThatPanicsHeedsTheCookieOfAFailingMember() {
        pool.reconfigure(PoolConfig.named("web")
                .with()
                .sticky(STICKY)
                .admission(new Admission(Duration.ZERO, 1, 60))
                .build());
        deliver(A, B);
        pool.onVerdict(A.id(), FAILING);

        assertThat(opened("a_10.0.0.1:80")).endsWith("open");
    }

    @Test
    void aMemberThatLeftIsUnknown() {
        deliver(A, B);
        Member gone = requireNonNull(find("a_10.0.0.1:80")).member();
        deliver(B);

        assertThat(find("a_10.0.0.1:80")).isNull();
        assertThat(sticky().valueOf(gone)).isNull();
        assertThat(sticky().open(gone)).isFalse();
    }

    @Test
    void ofMembersThatShareAValueTheFirstOpenOneHasIt() {
        deliver(A.withOptions("cookie s"), B.withOptions("cookie s"), C.withOptions("cookie s"));
        assertThat(opened("s")).isEqualTo("a_10.0.0.1:80 open");

        pool.onVerdict(A.id(), FAILING);
        assertThat(opened("s")).isEqualTo("b_10.0.0.2:80 open");

        pool.onVerdict(B.id(), FAILING);
        pool.onVerdict(C.id(), FAILING);
        assertThat(opened("s")).isEqualTo("a_10.0.0.1:80 closed");
    }

    @Test
    void valuesSurviveWhateverLeavesTheMember() {
        deliver(A, B);
        StickyMember before = requireNonNull(find("a_10.0.0.1:80"));
        deliver(A.withSequence(9L).withWeight(7), C);

        StickyMember after = requireNonNull(find("a_10.0.0.1:80"));
        assertThat(after.member()).isSameAs(before.member());
        assertThat(after.value()).isSameAs(before.value());
    }

    @Test
    void newOptionsMakeANewValue() {
        deliver(A, B);
        deliver(A.withOptions("cookie x"), B);

        assertThat(opened("x")).isEqualTo("a_10.0.0.1:80 open");
        assertThat(find("a_10.0.0.1:80")).isNull();
    }

    @Test
    void aPoolCanBecomeStickyAndCease() {
        pool.reconfigure(PoolConfig.named("web"));
        assertThat(pool.snapshot().sticky()).isNull();

        deliver(A);
        pool.reconfigure(PoolConfig.named("web")
                .with()
                .sticky(STICKY.with().naming(Naming.HASH).build())
                .build());
        assertThat(find("a_10.0.0.1:80")).isNull();
        assertThat(sticky().valueOf(pool.snapshot().members().get(0))).hasSize(40);
    }

    // Settings.

    @Test
    void attributesComeInHaproxysOrder() {
        StickyConfig config = STICKY.with()
                .attributes(List.of("SameSite=None", "Foo"))
                .secure(true)
                .httpOnly(true)
                .domains(List.of("a.b", ".c.d"))
                .build();

        assertThat(config.setAttributes())
                .isEqualTo("; path=/; domain=a.b; domain=.c.d; HttpOnly; Secure; SameSite=None; Foo");
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        assertThatThrownBy(() -> StickyConfig.named("a b")).hasMessageContaining("cookie: a b");
        assertThatThrownBy(() -> STICKY.with().mode(Mode.REWRITE).build()).hasMessageContaining("indirect: true");
        assertThatThrownBy(() -> StickyConfig.named("a").with().preserve(true).build())
                .hasMessageContaining("preserve: true");
        assertThatThrownBy(() -> STICKY.with().domains(List.of("a;b")).build()).hasMessageContaining("domains: a;b");
        assertThatThrownBy(() -> STICKY.with().attributes(List.of("a\r\nb")).build())
                .hasMessageContaining("attributes: a");
        assertThatThrownBy(() -> STICKY.with().maxIdle(Duration.ofSeconds(-1)).build())
                .hasMessageContaining("max_idle");
    }
}
