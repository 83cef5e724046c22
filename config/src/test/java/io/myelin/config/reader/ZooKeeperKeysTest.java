package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.LoadedConfig;
import io.myelin.discovery.zookeeper.DigestAuth;
import io.myelin.discovery.zookeeper.Pauses;
import io.myelin.discovery.zookeeper.ZnodeFormat;
import io.myelin.discovery.zookeeper.ZooKeeperConfig;
import io.myelin.discovery.zookeeper.ZooKeeperTls;
import io.myelin.discovery.zookeeper.ZooKeeperTls.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a service says where in ZooKeeper it is found. */
@NullMarked
class ZooKeeperKeysTest {
    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    @Test
    void watchesTheChildrenAndTheirParentUnlessToldOtherwise() {
        assertThat(discovery("hosts: ['h:1']")).isEqualTo(ZooKeeperConfig.of(List.of("h:1"), "/x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'h:1,i:2/root'",
                "['h:1', 'i:2/root']",
                "['h:1/root', 'i:2/root']",
                "'i:2 , h:1/root/'",
                "['i:2,h:1/root']"
            })
    void aZnodeBehindTheHostsBeginsEveryPath(String hosts) {
        ZooKeeperConfig config = discovery("generator_config_path: /conf, hosts: " + hosts);

        assertThat(config.ensemble().connectString()).isEqualTo("h:1,i:2");
        assertThat(config.path()).isEqualTo("/root/x");
        assertThat(config.configPath()).isEqualTo("/root/conf");
    }

    @Test
    void configurationMayBeElsewhereOrDisabled() {
        assertThat(discovery("hosts: h, generator_config_path: /y").configPath())
                .isEqualTo("/y");
        assertThat(discovery("hosts: h, generator_config_path: disabled").configPath())
                .isNull();
    }

    @Test
    void childrenMayBeMembersOfAServerSet() {
        assertThat(discovery("hosts: h, decode: {method: serverset, endpoint_name: http}")
                        .format())
                .isEqualTo(ZnodeFormat.serverset("http"));
        assertThat(discovery("hosts: h, decode: {method: serverset}").format()).isEqualTo(ZnodeFormat.serverset(""));
        assertThat(discovery("hosts: h, decode: {method: nerve}").format()).isEqualTo(ZnodeFormat.NERVE);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "30, 30000",
        "0.5, 500",
        "'\"7\"', 7000",
        "120, 120000",
        "1.5s, 1500",
        "250ms, 250",
        "2m, 120000"
    })
    void aJitterIsSecondsBetweenRounds(String jitter, long millis) {
        assertThat(discovery("hosts: h, discovery_jitter: " + jitter).window()).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"121", "-1", "soon"})
    void aJitterThatCannotBeIsIgnoredWithAWarning(String jitter) {
        LoadedConfig loaded = load("hosts: h, discovery_jitter: " + jitter);

        assertThat(config(loaded).window()).isZero();
        assertThat(loaded.problems()).hasSize(1);
        assertThat(loaded.problems().get(0).toString())
                .contains("warning: services.web.discovery.discovery_jitter: " + jitter
                        + " is ignored, changes are read at once (expected: 0..120 seconds)");
    }

    @Test
    void aRetryPolicySaysHowLongPausesAre() {
        assertThat(discovery("hosts: h, retry_policy: {base_interval: 0.25, max_interval: 5}")
                        .pauses())
                .isEqualTo(new Pauses(Duration.ofMillis(250), Duration.ofSeconds(5)));
        assertThat(discovery("hosts: h, retry_policy: {base_interval: 90}").pauses())
                .isEqualTo(new Pauses(Duration.ofSeconds(90), Duration.ofSeconds(90)));
    }

    @Test
    void aRetryPolicyCannotEndTrying() {
        LoadedConfig loaded = load("hosts: h, retry_policy: {max_attempts: 10, max_delay: 600}");

        assertThat(config(loaded).pauses()).isEqualTo(new Pauses(Duration.ofMillis(500), Duration.ofMinutes(1)));
        assertThat(loaded.problems())
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem.message()).contains("tried for ever"));
    }

    @ParameterizedTest
    @CsvSource({"'', 60000", "', polling_interval_sec: 0', 500", "', polling_interval_sec: 2.5', 2500"})
    void pollingLooksFromTimeToTime(String keys, long millis) {
        ZooKeeperConfig config = config(load("hosts: h" + keys, "zookeeper_poll"));

        assertThat(config.pollingInterval()).isEqualTo(Duration.ofMillis(millis));
        assertThat(discovery("hosts: h").pollingInterval()).isNull();
    }

    @Test
    void aPasswordIsReadAndNotShown() {
        ZooKeeperConfig config = discovery("hosts: h, auth: {user: me, password: hush}");

        assertThat(config.ensemble().auth()).isEqualTo(new DigestAuth("me", "hush"));
        assertThat(config.toString()).contains("digest me").doesNotContain("hush");
    }

    @Test
    void connectionsMayBeEncrypted() {
        assertThat(discovery("hosts: h, tls: true").ensemble().tls()).isEqualTo(new ZooKeeperTls(null, null, true));
        assertThat(discovery("hosts: h, tls: false").ensemble().tls()).isNull();
        ZooKeeperConfig config =
                discovery("hosts: h, tls: {trust_store: a.p12, trust_store_password: hush, verify_host: false}");

        assertThat(config.ensemble().tls()).isEqualTo(new ZooKeeperTls(new Store("a.p12", "hush"), null, false));
        assertThat(config.toString()).doesNotContain("hush");
    }

    private ZooKeeperConfig discovery(String keys) {
        LoadedConfig loaded = load(keys);
        assertThat(loaded.problems()).isEmpty();
        return config(loaded);
    }

    private LoadedConfig load(String keys) {
        return load(keys, "zookeeper");
    }

    private LoadedConfig load(String keys, String method) {
        return files.load("services: {web: {port: 80, discovery: {method: " + method + ", path: /x, " + keys + "}}}");
    }

    private static ZooKeeperConfig config(LoadedConfig loaded) {
        return (ZooKeeperConfig) loaded.config().services().get(0).discovery();
    }
}
