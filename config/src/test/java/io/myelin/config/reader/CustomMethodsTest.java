package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.LoadedConfig;
import io.myelin.config.ServiceConfig;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.file.FileConfig;
import io.myelin.pool.LabelFilter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Discovery methods of registries that users bring with them, and the file that stands for any registry. */
@NullMarked
class CustomMethodsTest {
    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    @Test
    void aRegistryOfTheUsersGetsTheSectionAsItIsWritten() {
        ServiceConfig service = service("""
                {method: Test_Registry, url: "http://x", retries: 3, share: 0.5, deep: {on: true, list: [a, "1", null]},
                 label_filters: [{label: a, value: b, condition: equals}]}""");

        DiscoveryConfig.Custom custom = (DiscoveryConfig.Custom) service.discovery();
        Map<String, @Nullable Object> deep = new HashMap<>();
        deep.put("on", true);
        deep.put("list", Arrays.asList("a", "1", null));
        assertThat(custom.method()).isEqualTo("test_registry");
        assertThat(custom.section())
                .containsEntry("method", "Test_Registry")
                .containsEntry("url", "http://x")
                .containsEntry("retries", 3L)
                .containsEntry("share", 0.5)
                .containsEntry("deep", deep)
                .hasSize(6);
        assertThat(service.pool().selection().filters()).containsExactly(new LabelFilter("a", "b", true));
    }

    @Test
    void whatTheRegistryRefusesIsAnErrorOfTheService() {
        LoadedConfig loaded = files.load(yaml("{method: test_registry}"));

        assertThat(loaded.problems())
                .extracting(files::shortened)
                .containsExactly("0.yaml:4:16: services.web.discovery: url: missing (expected: an address)");
        assertThat(loaded.brokenServices()).containsExactly("web");
    }

    @Test
    void anUnknownMethodIsAnErrorThatNamesAllKnownOnes() {
        assertThat(files.problems(yaml("{method: consul}")))
                .hasSize(1)
                .allMatch(problem ->
                        problem.startsWith("0.yaml:4:25: services.web.discovery.method: consul (expected: base or ")
                                && problem.contains(" or test_registry or zookeeper"));
    }

    @Test
    void theProgramsOwnMethodsCannotBeTaken() {
        assertThat(service("{method: zookeeper, hosts: [\"h:1\"], path: /p}").discovery())
                .isNotInstanceOf(DiscoveryConfig.Custom.class);
    }

    @Test
    void aFileIsNamedByItsPath() {
        assertThat(service("{method: file, path: /run/web.json}").discovery())
                .isEqualTo(new FileConfig(Path.of("/run/web.json")));
        assertThat(files.problems(yaml("{method: file}")))
                .containsExactly(
                        "0.yaml:4:16: services.web.discovery: has no path (expected: the path of a JSON or YAML"
                                + " file)");
        assertThat(files.problems(yaml("{method: file, path: [a], hosts: []}")))
                .containsExactly(
                        "0.yaml:4:37: services.web.discovery.path: is a list (expected: a text)",
                        "0.yaml:4:42: services.web.discovery.hosts: unknown key (expected: one of method, label_filters,"
                                + " path, label_filter)");
    }

    private ServiceConfig service(String discovery) {
        return files.service(yaml(discovery));
    }

    private static String yaml(String discovery) {
        return """
                services:
                  web:
                    port: 1
                    discovery: %s
                """.formatted(discovery);
    }
}
