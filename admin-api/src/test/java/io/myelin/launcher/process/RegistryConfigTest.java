package io.myelin.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.admin.BrokenService;
import io.myelin.config.LoadedConfig;
import io.myelin.config.ServiceConfig;
import io.myelin.config.reader.ConfigReader;
import io.myelin.config.reader.ParsedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class RegistryConfigTest {
    @TempDir
    Path directory;

    private final AtomicInteger news = new AtomicInteger();
    private RegistryConfig registry = of(new ConfigReader().parse(List.of()));

    @BeforeEach
    void begin() throws IOException {
        registry = of(files(1, 2, 3, 4));
        registry.onNews(news::incrementAndGet);
    }

    @Test
    void whatIsNewIsAnnouncedOnceUntilItIsTaken() {
        registry.offer("s1", "");
        assertThat(news).hasValue(0);
        registry.offer("s1", port(11));
        registry.offer("s1", port(11));
        registry.offer("s2", port(12));
        assertThat(news).hasValue(1);

        assertThat(ports(registry.takeNews())).isEqualTo(Map.of("s1", 11, "s2", 12, "s3", 3, "s4", 4));
        registry.offer("s2", port(12));
        assertThat(news).hasValue(1);
        registry.offer("s2", "");
        assertThat(news).hasValue(2);
        assertThat(ports(registry.takeNews())).containsEntry("s2", 2).containsEntry("s1", 11);
        assertThat(registry.counts()).containsEntry("registry_configs_taken_total", 2L);
    }

    @Test
    void theOnesThatDoHarmAreFoundAmongMany() {
        registry.offer("s1", port(11));
        registry.offer("s2", "{");
        registry.offer("s3", port(4));
        registry.offer("s4", "{\"haproxy\": {\"listen\": [\"mode http\"]}}");

        LoadedConfig loaded = registry.takeNews();

        assertThat(ports(loaded)).isEqualTo(Map.of("s1", 11, "s2", 2, "s3", 3, "s4", 4));
        assertThat(loaded.hasErrors()).isFalse();
        assertThat(registry.broken()).extracting(BrokenService::name).containsExactly("s2", "s3");
        assertThat(registry.counts()).containsEntry("registry_configs_refused_total", 2L);
    }

    @Test
    void theLastGoodOneStaysAndARefusalIsCountedOnce() {
        registry.offer("s1", port(11));
        registry.takeNews();
        registry.offer("s1", "{nonsense");
        assertThat(ports(registry.takeNews())).containsEntry("s1", 11);

        registry.offer("s2", port(12));

        assertThat(ports(registry.takeNews())).containsEntry("s1", 11).containsEntry("s2", 12);
        assertThat(registry.counts()).containsEntry("registry_configs_refused_total", 1L);
        registry.offer("s1", port(21));
        assertThat(ports(registry.takeNews())).containsEntry("s1", 21);
        assertThat(registry.broken()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.7", "::1", "[1]", "7", "\"{}\"", "a: b: c", "\u0001\u0002"})
    void whatIsNoConfigurationChangesNothing(String text) {
        registry.offer("s1", text);
        assertThat(news).hasValue(0);
        registry.offer("s1", port(11));
        registry.takeNews();

        registry.offer("s1", text);

        assertThat(news).hasValue(1);
        assertThat(ports(registry.takeNews())).containsEntry("s1", 11);
        assertThat(registry.broken()).isEmpty();
        assertThat(registry.counts()).containsEntry("registry_configs_refused_total", 0L);
    }

    @Test
    void portsMayBeSwappedOneAfterTheOther() {
        registry.offer("s1", port(2));
        assertThat(ports(registry.takeNews())).containsEntry("s1", 1);

        registry.offer("s2", port(1));

        assertThat(ports(registry.takeNews())).containsEntry("s1", 2).containsEntry("s2", 1);
    }

    @Test
    void aReloadMayMakeRoomForWhatWasRefusedAndTakeItFromWhatWasTaken() throws IOException {
        registry.offer("s1", port(4));
        registry.offer("s2", port(12));
        registry.takeNews();

        LoadedConfig loaded = registry.reload(files(1, 2, 12, 14));

        assertThat(ports(loaded)).isEqualTo(Map.of("s1", 4, "s2", 2, "s3", 12, "s4", 14));
        assertThat(registry.broken()).extracting(BrokenService::name).containsExactly("s2");
    }

    @Test
    void filesThatCannotBeUsedChangeNothing() throws IOException {
        registry.offer("s1", port(11));
        registry.takeNews();

        LoadedConfig loaded = registry.reload(new ConfigReader().parse(List.of(directory.resolve("missing.yaml"))));
        assertThat(loaded.unusable()).isTrue();
        registry.offer("s2", port(12));

        assertThat(ports(registry.takeNews())).isEqualTo(Map.of("s1", 11, "s2", 12, "s3", 3, "s4", 4));
    }

    @Test
    void aServiceThatItsRegistrySwitchedOffIsNamed() {
        registry.offer("s1", "{\"haproxy\": {\"disabled\": true}}");

        LoadedConfig loaded = registry.takeNews();

        assertThat(ports(loaded)).doesNotContainKey("s1");
        assertThat(registry.switchedOff(loaded)).containsOnlyKeys("s1");
    }

    private static RegistryConfig of(ParsedFiles files) {
        return new RegistryConfig(files, files.load());
    }

    private ParsedFiles files(int... ports) throws IOException {
        StringBuilder yaml = new StringBuilder("services:\n");
        for (int i = 0; i < ports.length; i++) {
            yaml.append("  s%d: {servers: ['h:1'], haproxy: {port: %d}}%n".formatted(i + 1, ports[i]));
        }
        return new ConfigReader().parse(List.of(Files.writeString(directory.resolve("a.yaml"), yaml)));
    }

    private static String port(int port) {
        return "{\"haproxy\": {\"port\": " + port + "}}";
    }

    private static Map<String, Integer> ports(LoadedConfig loaded) {
        Map<String, Integer> ports = new TreeMap<>();
        for (ServiceConfig service : loaded.config().services()) {
            var listener = service.listener();
            assertThat(listener).isNotNull();
            if (listener != null) {
                ports.put(service.name(), listener.addresses().get(0).port());
            }
        }
        return ports;
    }
}
