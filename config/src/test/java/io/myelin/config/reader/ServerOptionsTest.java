package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.ErrorWatch.Level;
import io.myelin.config.LoadedConfig;
import io.myelin.model.Endpoint;
import io.myelin.model.ErrorReaction;
import io.myelin.pool.Marking;
import io.myelin.pool.ObserveConfig;
import io.myelin.pool.PoolConfig;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How members are supervised and with what they begin, as both languages say it. */
@NullMarked
class ServerOptionsTest {
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

    private PoolConfig options(String options) {
        return pool("haproxy: {port: 80, listen: [mode http], server_options: '" + options + "'}");
    }

    @Test
    void nothingIsObservedUnlessSaid() {
        assertThat(pool("port: 80, check: tcp").observe()).isNull();
        assertThat(options("check error-limit 5 on-error mark-down").observe()).isNull();
        assertThat(options("check").marking()).isEqualTo(Marking.NONE);
        assertThat(options("check").disabled()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "observe layer4, CONNECTIONS, 10, FAIL_CHECK",
        "observe layer7 error-limit 50 on-error mark-down, ANSWERS, 50, MARK_DOWN",
        "error-limit 1 on-error sudden-death observe layer7, ANSWERS, 1, SUDDEN_DEATH",
        "observe layer4 on-error fastinter observe layer7, ANSWERS, 10, FAST_CHECK",
    })
    void theOptionsOfServersSayWhatIsObserved(String options, Level level, int limit, ErrorReaction reaction) {
        assertThat(options("check " + options).observe()).isEqualTo(new ObserveConfig(level, limit, reaction));
    }

    @Test
    void theDefaultServerSaysItForAllServers() {
        LoadedConfig loaded = files.load("""
                haproxy:
                  defaults: [mode http, default-server observe layer7 on-marked-down shutdown-sessions disabled]
                services:
                  a: {servers: ['h:1'], haproxy: {port: 80, server_options: check error-limit 3 enabled}}
                  unchecked: {servers: ['h:1'], haproxy: {port: 81}}
                  own: {servers: ['h:1'], haproxy: {port: 82, backend: [default-server observe layer4 check]}}
                """);

        assertThat(loaded.problems()).isEmpty();
        PoolConfig a = loaded.config().services().get(0).pool();
        assertThat(a.observe()).isEqualTo(new ObserveConfig(Level.ANSWERS, 3, ErrorReaction.FAIL_CHECK));
        assertThat(a.marking()).isEqualTo(new Marking(true, false));
        assertThat(a.disabled()).isFalse();
        assertThat(loaded.config().services().get(1).pool().observe()).isNull();
        assertThat(loaded.config().services().get(1).pool().disabled()).isTrue();
        assertThat(loaded.config().services().get(2).pool().observe()).isEqualTo(new ObserveConfig(Level.CONNECTIONS));
    }

    @Test
    void whatCannotBeObservedIsReported() {
        assertThat(files.problems("""
                services:
                  unchecked: {servers: ['h:1'], haproxy: {port: 80, server_options: observe layer4}}
                  stream: {servers: ['h:1'], haproxy: {port: 81, server_options: check observe layer7}}
                """))
                .containsExactly(
                        "0.yaml:2:69: warning: services.unchecked.haproxy.server_options: `observe layer4`: observe has"
                                + " no effect on a service without a check",
                        "0.yaml:3:66: warning: services.stream.haproxy.server_options: `check observe layer7`: layer7"
                                + " goes by answers, and the service speaks TCP: layer4 is observed");
    }

    @Test
    void whatBecomesOfWorkInProgressIsSaidByBoth() {
        assertThat(options("on-marked-down shutdown-sessions on-marked-up shutdown-backup-sessions")
                        .marking())
                .isEqualTo(new Marking(true, true));
        assertThat(pool("port: 80, on_marked_down: shutdown_sessions, on_marked_up: shutdown_backup_sessions")
                        .marking())
                .isEqualTo(new Marking(true, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "layer4 | CONNECTIONS | 10 | fail_check",
                "{level: layer7, error_limit: 3, on_error: mark_down} | ANSWERS | 3 | mark_down",
                "{level: layer7, on_error: fast_check} | ANSWERS | 10 | fast_check",
                "{level: layer7, on_error: sudden_death} | ANSWERS | 10 | sudden_death",
            })
    void theNativeKeysSayWhatIsObserved(String observe, Level level, int limit, String reaction) {
        ObserveConfig expected =
                new ObserveConfig(level, limit, ErrorReaction.valueOf(reaction.toUpperCase(Locale.ROOT)));

        assertThat(pool("port: 80, check: tcp, observe: " + observe).observe()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"true, disabled", "false, enabled"})
    void aMemberMayBeDisabledByItself(boolean disabled, String option) {
        LoadedConfig loaded = files.load("services: {web: {port: 80, servers: [{host: h, port: 1, disabled: " + disabled
                + ", haproxy_server_options: weight 3}]}}");

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().services().get(0).pool().membership().defaults())
                .extracting(Endpoint::options)
                .containsExactly("weight 3 " + option);
    }
}
