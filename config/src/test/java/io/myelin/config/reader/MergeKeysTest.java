package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.LoadedConfig;
import io.myelin.config.ServiceConfig;
import io.myelin.pool.LabelFilter;
import io.myelin.pool.PortOverride;
import io.myelin.pool.Selection;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that say what is made of the endpoints which a registry names. */
@NullMarked
class MergeKeysTest {
    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    @Test
    void theOldNameOfTheFiltersComesFirst() {
        Selection selection = selection("""
                label_filter: {label: a, value: 1, condition: equals},
                label_filters: [{label: b, value: "", condition: not-equals}, {label: c, value: null, condition: equals}]
                """, "");

        assertThat(selection.filters())
                .containsExactly(
                        new LabelFilter("a", "1", true),
                        new LabelFilter("b", "", false),
                        new LabelFilter("c", null, true));
        assertThat(selection.leaderOnly()).isFalse();
    }

    @Test
    void withoutKeysEverybodyIsUsed() {
        assertThat(selection("", "")).isEqualTo(Selection.ALL);
        assertThat(selection("label_filters: []", "leader_election: false")).isEqualTo(Selection.ALL);
        assertThat(selection("", "leader_election: true").leaderOnly()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{label: a, value: b, condition: like}    | [0].condition: like (expected: equals or not-equals)",
                "{label: a, value: b}                     | [0]: has no condition (expected: a map of label, value and condition)",
                "{value: b, condition: equals}            | [0]: has no label (expected: a map of label, value and condition)",
                "{label: a, values: b, condition: equals} | [0].values: unknown key, did you mean value?",
                "zone=a                                   | [0]: is a text (expected: a map)",
                "{label: [a], value: b, condition: equals}| [0].label: is a list (expected: a text)"
            })
    void aFilterThatCannotBeMeantIsAnError(String filter, String message) {
        assertThat(files.problems(yaml("label_filters: [" + filter + "]", "")))
                .anyMatch(problem -> problem.endsWith("services.web.discovery.label_filters" + message))
                .noneMatch(problem -> problem.contains("did you mean label_filters"));
    }

    @Test
    void aFilterWithoutAValueIsDoubtful() {
        assertThat(files.problems(yaml("label_filters: [{label: a, condition: not-equals}]", "")))
                .containsExactly("0.yaml:4:78: warning: services.web.discovery.label_filters[0]: has no value: it"
                        + " compares with endpoints that do not have the label; `value: null` says so");
    }

    @ParameterizedTest
    @CsvSource({"8080,8080,false", "'\"8080\"',8080,false", "+10,10,true", "-10,-10,true", "'\"+0\"',0,true"})
    void aPortIsOverriddenByAnotherOrByADistance(String written, int number, boolean relative) {
        assertThat(service("", "backend_port_override: " + written)
                        .pool()
                        .membership()
                        .portOverride())
                .isEqualTo(new PortOverride(number, relative));
    }

    @ParameterizedTest
    @CsvSource({"0", "65536", "+65535", "x", "++1", "1.5"})
    void aPortThatCannotBeIsAnError(String written) {
        assertThat(files.problems(yaml("", "backend_port_override: \"" + written + "\"")))
                .containsExactly("0.yaml:6:28: services.web.backend_port_override: " + written
                        + " (expected: 1..65535, or +N or -N to count from the registered port)");
    }

    @Test
    void theOldNameOfThePortOverrideMeansTheSame() {
        assertThat(service("", "haproxy: {server_port_override: \"-1\"}")
                        .pool()
                        .membership()
                        .portOverride())
                .isEqualTo(PortOverride.by(-1));
    }

    @Test
    void copiesTakeThePlaceOfTheServiceAndTheFirstHasThePort() {
        LoadedConfig loaded = files.load(yaml("", "load_test_concurrency: 3"));

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().services())
                .extracting(ServiceConfig::name)
                .containsExactly("web_0", "web_1", "web_2");
        assertThat(loaded.config().services())
                .allSatisfy(service -> assertThat(service.pool().name()).isEqualTo(service.name()));
        assertThat(loaded.config().services())
                .extracting(service -> service.listener() != null)
                .containsExactly(true, false, false);
        assertThat(loaded.config().services())
                .extracting(ServiceConfig::discovery)
                .containsOnly(loaded.config().services().get(0).discovery());
    }

    @Test
    void noCopiesAreNoService() {
        LoadedConfig loaded = files.load(yaml("", "load_test_concurrency: 0"));

        assertThat(loaded.hasErrors()).isFalse();
        assertThat(loaded.config().services()).isEmpty();
    }

    @Test
    void theCopiesOfABrokenServiceAreBroken() {
        LoadedConfig loaded = files.load(yaml("method2: x", "load_test_concurrency: 2"));

        assertThat(loaded.brokenServices()).containsExactly("web_0", "web_1");
        assertThat(loaded.config().services()).isEmpty();
        assertThat(loaded.problems())
                .extracting(files::shortened)
                .contains("0.yaml:3:3: services.web: web_1 is a copy of a service that cannot be used");
    }

    @Test
    void aNumberOfCopiesThatCannotBeIsAnError() {
        LoadedConfig loaded = files.load(yaml("", "load_test_concurrency: many"));

        assertThat(loaded.brokenServices()).containsExactly("web");
        assertThat(loaded.problems())
                .extracting(files::shortened)
                .containsExactly("0.yaml:6:28: services.web.load_test_concurrency: many (expected: 0..1000)");
    }

    @Test
    void aCopyAndAServiceMayNotShareAName() {
        String copies = yaml("", "load_test_concurrency: 2");
        String other = "services: {web_1: {servers: ['h:1'], port: 9}}";

        for (LoadedConfig loaded : new LoadedConfig[] {files.load(copies, other), files.load(other, copies)}) {
            assertThat(loaded.config().services())
                    .extracting(ServiceConfig::name)
                    .containsExactly("web_0");
            assertThat(loaded.brokenServices()).containsExactly("web_1");
            assertThat(loaded.problems())
                    .anyMatch(problem -> problem.toString().contains("web_1 is the name of a service and of a copy"));
        }
    }

    private Selection selection(String discovery, String more) {
        return service(discovery, more).pool().selection();
    }

    private ServiceConfig service(String discovery, String more) {
        return files.service(yaml(discovery, more));
    }

    private static String yaml(String discovery, String more) {
        return """
                x-none: 0
                services:
                  web:
                    discovery: {method: zookeeper, hosts: ["h:1"], path: /p, %s}
                    port: 8080
                    %s
                """.formatted(discovery.strip(), more);
    }
}
