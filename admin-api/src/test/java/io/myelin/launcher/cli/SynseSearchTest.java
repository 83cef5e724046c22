package io.myelin.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SynseSearchTest {
    @TempDir
    Path first;

    @TempDir
    Path second;

    @Test
    void theFirstFileOfTheFirstDirectoryThatHasOneIsRead() throws IOException {
        Path far = Files.createFile(second.resolve("config.yml"));
        assertThat(found(Map.of())).containsExactly(far);

        Path longer = Files.createFile(first.resolve("config.yaml"));
        assertThat(found(Map.of("SYNSE_PLUGIN_TCP", "h:1"))).containsExactly(longer);

        Path near = Files.createFile(first.resolve("config.yml"));
        assertThat(found(Map.of())).containsExactly(near);
    }

    @Test
    void variablesAreEnoughWithoutAFile() throws IOException {
        Files.createDirectory(first.resolve("config.yml"));

        assertThat(found(Map.of("SYNSE_PLUGIN_TCP", "h:1"))).isEmpty();
        assertThat(found(Map.of("SYNSE_PLUGIN_DISCOVER_KUBERNETES_ENDPOINTS_LABELS_APP", "synse")))
                .isEmpty();
    }

    @Test
    void whatKubernetesSetsForAServiceSaysNothing() {
        assertThat(found(Map.of(
                        "SYNSE_PORT", "tcp://10.0.0.1:5000", "SYNSE_SERVICE_HOST", "10.0.0.1", "SYNSE_GRPC", "x")))
                .isNull();
        assertThat(found(Map.of("SYNSE_PLUGIN_TCP", " "))).isNull();
    }

    @Test
    void theWorkingDirectoryComesBeforeTheSystems() {
        assertThat(SynseSearch.DIRECTORIES).containsExactly(Path.of(""), Path.of("/etc/synse/server"));
    }

    private @Nullable List<Path> found(Map<String, String> environment) {
        return SynseSearch.files(List.of(first, second), environment);
    }
}
