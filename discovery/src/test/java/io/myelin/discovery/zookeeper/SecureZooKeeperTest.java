package io.myelin.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.discovery.testing.ZooKeeperProcess;
import io.myelin.discovery.zookeeper.ZooKeeperTls.Store;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import io.myelin.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server in a process of its own that wants encrypted connections and certificates of its clients. */
@NullMarked
class SecureZooKeeperTest {
    private static final String PASSWORD = "a-secret-of-the-test";

    @TempDir
    Path directory;

    private final RecordingSink sink = new RecordingSink();
    private final RecordingSink refused = new RecordingSink();

    @Test
    void bothSidesProveWhoTheyAreAndAStrangerIsRefused() throws IOException, InterruptedException {
        Path keys = directory.resolve("keys.p12");
        Path certificate = directory.resolve("certificate.pem");
        Path trust = directory.resolve("trust.p12");
        keytool(
                keys,
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1");
        keytool(keys, "-exportcert", "-alias", "k", "-rfc", "-file", certificate.toString());
        keytool(trust, "-importcert", "-alias", "k", "-noprompt", "-file", certificate.toString());
        int securePort = FreePorts.one();
        try (ZooKeeperProcess server = new ZooKeeperProcess(settings(securePort, keys, trust));
                Ensembles ensembles = new Ensembles(Duration.ofSeconds(10));
                Ensembles impatient = new Ensembles(Duration.ofSeconds(1))) {
            server.start();
            Store trusted = new Store(trust.toString(), PASSWORD);
            ZooKeeperTls mutual = new ZooKeeperTls(trusted, new Store(keys.toString(), PASSWORD), true);
            ZooKeeperTls oneSided = new ZooKeeperTls(trusted, null, true);
            try (Registry registry = new Registry(server.connectString());
                    ZooKeeperWatcher known = watch(ensembles, securePort, mutual, sink);
                    ZooKeeperWatcher stranger = watch(impatient, securePort, oneSided, refused)) {
                registry.create("/secure");
                registry.register("/secure", "a", 1);
                known.start();
                stranger.start();

                sink.awaitAddresses("127.0.0.1:1");
                Eventually.holds(
                        "the stranger is refused",
                        () -> refused.statuses().stream()
                                .anyMatch(status -> !status.error().isEmpty()));
                assertThat(refused.sets()).isEmpty();
                assertThat(mutual.toString()).contains(trust.toString()).doesNotContain(PASSWORD);
            }
        }
    }

    private static String settings(int securePort, Path keys, Path trust) {
        return """
                secureClientPort=%d
                serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
                ssl.clientAuth=need
                ssl.keyStore.location=%s
                ssl.keyStore.password=%s
                ssl.trustStore.location=%s
                ssl.trustStore.password=%s
                """.formatted(securePort, keys, PASSWORD, trust, PASSWORD);
    }

    private static ZooKeeperWatcher watch(
            Ensembles ensembles, int port, @Nullable ZooKeeperTls tls, RecordingSink into) {
        EnsembleConfig ensemble = new EnsembleConfig(List.of("127.0.0.1:" + port), null, tls);
        ZooKeeperConfig config = ZooKeeperConfig.of(ensemble.servers(), "/secure")
                .with()
                .ensemble(ensemble)
                .build();
        return new ZooKeeperWatcher("web", config, into, ensembles, Clock.SYSTEM, RandomSource.SYSTEM);
    }

    private static void keytool(Path store, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
