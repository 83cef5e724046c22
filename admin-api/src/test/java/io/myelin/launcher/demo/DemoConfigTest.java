package io.myelin.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.LoadedConfig;
import io.myelin.config.ServiceConfig;
import io.myelin.config.reader.ConfigReader;
import io.myelin.discovery.zookeeper.ZooKeeperConfig;
import io.myelin.model.Protocol;
import io.myelin.server.BindAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoConfigTest {
    private static final DemoService WEB = new DemoService("web", Protocol.HTTP, 3, 8001);
    private static final DemoService ECHO = new DemoService("echo", Protocol.TCP, 2, 8003);

    @TempDir
    Path directory;

    @Test
    void isReadAsAnyOtherFileOfSynapse() throws IOException {
        DemoConfig config = new DemoConfig(List.of(WEB, ECHO), 8080, 9901, "127.0.0.1:2181");
        Path file = Files.writeString(directory.resolve("synapse.yaml"), config.text());

        LoadedConfig loaded = new ConfigReader().read(List.of(file));

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().admin()).isEqualTo(new BindAddress("127.0.0.1", 9901));
        assertThat(loaded.config().services()).extracting(ServiceConfig::name).containsExactly("web", "echo");
        assertThat(loaded.config().services())
                .extracting(ServiceConfig::discovery)
                .containsExactly(
                        ZooKeeperConfig.of(List.of("127.0.0.1:2181"), "/nerve/services/web"),
                        ZooKeeperConfig.of(List.of("127.0.0.1:2181"), "/nerve/services/echo"));
        assertThat(loaded.config().frontends())
                .singleElement()
                .satisfies(frontend ->
                        assertThat(frontend.addresses()).containsExactly(new BindAddress("127.0.0.1", 8080)));
    }
}
