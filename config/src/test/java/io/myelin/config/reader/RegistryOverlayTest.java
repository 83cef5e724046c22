package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.LoadedConfig;
import io.myelin.config.Problem;
import io.myelin.config.ServiceConfig;
import io.myelin.model.Protocol;
import io.myelin.server.ListenerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a registry keeps for a service, laid over what a file says. */
@NullMarked
class RegistryOverlayTest {
    @TempDir
    Path directory;

    private ParsedFiles files = new ConfigReader().parse(List.of());

    @BeforeEach
    void write() throws IOException {
        files = new ConfigReader().parse(List.of(Files.writeString(directory.resolve("a.yaml"), """
                services:
                  web:
                    servers: ["h:1"]
                    haproxy: {port: 81, bind_address: 127.0.0.2, listen: [mode tcp, timeout client 7s]}
                  api: {servers: ["h:2"], port: 82}
                """)));
    }

    @Test
    void aKeyOfASectionWinsAndTheOtherKeysStay() {
        LoadedConfig loaded =
                files.load(Map.of("web", "{\"haproxy\": {\"port\": \"91\", \"listen\": [\"mode http\"]}}"));

        assertThat(loaded.problems()).isEmpty();
        ListenerConfig listener = Objects.requireNonNull(service(loaded, "web").listener());
        assertThat(listener.addresses()).singleElement().hasToString("127.0.0.2:91");
        assertThat(listener.protocol()).isEqualTo(Protocol.HTTP);
    }

    @Test
    void aServiceMayGetItsFirstSection() {
        LoadedConfig loaded = files.load(Map.of("api", "{\"haproxy\": {\"listen\": \"mode tcp\"}}"));

        assertThat(loaded.hasErrors()).isFalse();
        assertThat(Objects.requireNonNull(service(loaded, "api").listener()).protocol())
                .isEqualTo(Protocol.TCP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"haproxy\":|1:12: not JSON: Unexpected end",
                "10.0.0.7|1:1: the file holds a text (expected: a map with services)",
                "[1]|1:1: the file holds a list (expected: a map with services)",
                "{\"squid\": {}}|1:2: services.web.squid: unknown section (expected: one of haproxy, file_output, nginx)",
                "{\"haproxy\": []}|1:2: services.web.haproxy: is a list (expected: a map)",
                "{\"haproxy\": {\"port\": 99999}}|1:22: services.web.haproxy.port: 99999 (expected: 0..65535)"
            })
    void whatCannotBeUsedHarmsOnlyItsServiceAndSaysWhere(String text, String message) {
        LoadedConfig loaded = files.load(Map.of("web", text));

        assertThat(loaded.unusable()).isFalse();
        assertThat(loaded.brokenServices()).containsExactly("web");
        assertThat(loaded.config().services()).extracting(ServiceConfig::name).containsExactly("api");
        assertThat(loaded.problems())
                .singleElement()
                .extracting(Problem::toString)
                .asString()
                .startsWith("registry configuration of web:" + message);
    }

    @Test
    void aServiceThatNoFileNamesIsNotMade() {
        LoadedConfig loaded = files.load(Map.of("new", "{\"haproxy\": {\"port\": 1}}"));

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().services()).hasSize(2);
    }

    private static ServiceConfig service(LoadedConfig loaded, String name) {
        return loaded.config().services().stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
