package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.LoadedConfig;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.StickyConfig;
import io.myelin.pool.StickyConfig.Mode;
import io.myelin.pool.StickyConfig.Naming;
import io.myelin.pool.StickyMembers;
import io.myelin.testing.FakeClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How clients stick to members, as both languages say it. */
@NullMarked
class StickyKeysTest {
    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    private PoolConfig pool(String keys) {
        LoadedConfig loaded = files.load("services: {web: {servers: ['h:1'], " + keys + "}}");
        assertThat(loaded.problems()).isEmpty();
        return loaded.config().services().get(0).pool();
    }

    private @Nullable StickyConfig sticky(String keys) {
        return pool("port: 80, " + keys).sticky();
    }

    private @Nullable StickyConfig lines(String section) {
        return pool("haproxy: {port: 80, " + section + "}").sticky();
    }

    // Native keys.

    @Test
    void clientsDoNotStickUnlessToldTo() {
        assertThat(sticky("protocol: http")).isNull();
        assertThat(sticky("sticky: false")).isNull();
        assertThat(lines("listen: [mode http]")).isNull();
    }

    @ParameterizedTest
    @CsvSource({"sticky: SRV", "'sticky: {cookie: SRV}'", "'sticky: {cookie: SRV, mode: insert, indirect: true}'"})
    void aNameIsEnough(String keys) {
        assertThat(sticky(keys)).isEqualTo(StickyConfig.inserted("SRV"));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"INSERT"})
    void whatOtherModesDoNotSetThemselvesTheyDoNotHide(Mode mode) {
        assertThat(sticky("sticky: {cookie: SRV, mode: " + mode.name().toLowerCase(Locale.ROOT) + "}"))
                .isEqualTo(StickyConfig.named("SRV").with().mode(mode).build());
    }

    @Test
    void everyKeyIsRead() {
        assertThat(sticky("sticky: {cookie: SRV, value: hash, indirect: false, no_cache: false, post_only: true,"
                        + " preserve: true, http_only: true, secure: true, domains: [a.b, .c.d],"
                        + " attributes: SameSite=Lax, max_idle: 30m, max_life: 8h, persist: true}"))
                .isEqualTo(StickyConfig.named("SRV")
                        .with()
                        .mode(Mode.INSERT)
                        .naming(Naming.HASH)
                        .postOnly(true)
                        .preserve(true)
                        .httpOnly(true)
                        .secure(true)
                        .domains(List.of("a.b", ".c.d"))
                        .attributes(List.of("SameSite=Lax"))
                        .maxIdle(Duration.ofMinutes(30))
                        .maxLife(Duration.ofHours(8))
                        .persist(true)
                        .build());
    }

    @Test
    void theKeyIsUsedInsteadOfTheLine() {
        LoadedConfig loaded = files.load("services: {web: {servers: ['h:1'], sticky: SRV, haproxy: {port: 80,"
                + " listen: [mode http, cookie OTHER insert]}}}");

        assertThat(loaded.problems()).singleElement().asString().contains("services.web.sticky: is used instead of");
        assertThat(loaded.config().services().get(0).pool().sticky()).isEqualTo(StickyConfig.inserted("SRV"));
    }

    @Test
    void aServiceThatSpeaksTcpHasNoCookies() {
        assertThat(files.problems("services: {web: {port: 1, protocol: tcp, servers: ['h:1'], sticky: SRV}}"))
                .containsExactly("0.yaml:1:60: services.web.sticky: goes by requests, and the service speaks TCP"
                        + " (expected: protocol: http)");
        assertThat(pool("haproxy: {port: 80}").sticky()).isNull();
        assertThat(files.load("haproxy: {defaults: [cookie SRV insert]}\n"
                                + "services: {web: {servers: ['h:1'], haproxy: {port: 80}}}")
                        .problems())
                .isEmpty();
    }

    // Lines.

    @Test
    void theLineOfEverySynapseFileIsUnderstood() {
        assertThat(lines("listen: [mode http, cookie SRVID insert indirect nocache]"))
                .isEqualTo(StickyConfig.inserted("SRVID"));
    }

    @ParameterizedTest
    @CsvSource({
        "cookie SRV,PASSIVE,false",
        "cookie SRV insert,INSERT,false",
        "cookie SRV rewrite,REWRITE,false",
        "cookie SRV prefix,PREFIX,false",
        "cookie SRV indirect,PASSIVE,true",
        "cookie SRV prefix indirect,PREFIX,true"
    })
    void theModeOfALineIsItsWord(String line, Mode mode, boolean indirect) {
        assertThat(lines("listen: [mode http, " + line + "]"))
                .isEqualTo(StickyConfig.named("SRV")
                        .with()
                        .mode(mode)
                        .indirect(indirect)
                        .build());
    }

    @Test
    void everyOptionOfALineIsUnderstood() {
        assertThat(lines("cookie_value_method: hash, listen: [mode http, option persist, 'cookie SRV insert postonly"
                        + " preserve httponly secure domain a.b domain .c.d maxidle 1800 maxlife 8h"
                        + " attr \"SameSite=None\" attr Foo']"))
                .isEqualTo(StickyConfig.named("SRV")
                        .with()
                        .mode(Mode.INSERT)
                        .naming(Naming.HASH)
                        .postOnly(true)
                        .preserve(true)
                        .httpOnly(true)
                        .secure(true)
                        .domains(List.of("a.b", ".c.d"))
                        .attributes(List.of("SameSite=None", "Foo"))
                        .maxIdle(Duration.ofMinutes(30))
                        .maxLife(Duration.ofHours(8))
                        .persist(true)
                        .build());
    }

    @Test
    void theLaterLineCountsAndDefaultsAreInherited() {
        assertThat(lines("listen: [mode http, cookie A insert, option persist, no option persist, cookie B prefix]"))
                .isEqualTo(StickyConfig.named("B").with().mode(Mode.PREFIX).build());

        LoadedConfig loaded = files.load("haproxy: {defaults: [mode http, cookie D insert, option persist]}\n"
                + "services: {web: {servers: ['h:1'], haproxy: {port: 80}}}");
        assertThat(loaded.config().services().get(0).pool().sticky())
                .isEqualTo(StickyConfig.named("D")
                        .with()
                        .mode(Mode.INSERT)
                        .persist(true)
                        .build());
    }

    @Test
    void theValueMethodIsNameOrHash() {
        assertThat(files.problems("services: {web: {servers: ['h:1'], haproxy: {port: 80, cookie_value_method: md5}}}"))
                .containsExactly("0.yaml:1:77: services.web.haproxy.cookie_value_method: md5 (expected: name or hash)");
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', i-1_h:1",
        "server_options: check cookie all, '', all",
        "'server_options: \"cookie s-%{port}\"', '', s-1",
        "server_options: cookie all, weight 5 cookie own, own"
    })
    void serverOptionsGiveMembersTheirValue(String option, String ownOptions, String value) {
        PoolConfig config = pool("haproxy: {port: 80, listen: [mode http, cookie SRV insert], " + option + "}");
        Pool pool = new Pool(config, Runnable::run, new FakeClock(), bound -> 0, 1);
        pool.replace(new EndpointSet("web", List.of(Endpoint.of("i-1", "h", 1).withOptions(ownOptions)), "test"));
        StickyMembers sticky = Objects.requireNonNull(pool.snapshot().sticky());

        assertThat(sticky.valueOf(pool.snapshot().members().get(0))).asString().isEqualTo(value);
    }

    @Test
    void theOptionsOfADefaultServerGiveItItsValue() {
        LoadedConfig loaded = files.load("services: {web: {default_servers: [{host: h, port: 1,"
                + " haproxy_server_options: cookie own}], haproxy: {port: 80, listen: [mode http, cookie S insert]}}}");

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().services().get(0).pool().membership().defaults())
                .extracting(Endpoint::options)
                .containsExactly("cookie own");
    }

    @Test
    void aValueThatNoCookieCanHoldIsAnError() {
        assertThat(files.problems(
                        "services: {web: {servers: ['h:1'], haproxy: {port: 80, server_options: cookie a|b}}}"))
                .containsExactly(
                        "0.yaml:1:72: services.web.haproxy.server_options: `cookie a|b`: cookie: `a|b` cannot be"
                                + " the value of a cookie (expected: a text without spaces, quotes, commas, semicolons,"
                                + " backslashes, | and ~)");
    }
}
