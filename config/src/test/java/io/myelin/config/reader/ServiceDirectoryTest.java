package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.LoadedConfig;
import io.myelin.config.ServiceConfig;
import io.myelin.server.BindAddress;
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

@NullMarked
class ServiceDirectoryTest {
    private static final String WEB = "{\n\t\"port\": 1,\n\t\"servers\": [\"h:1\",],\n}";

    @TempDir
    Path directory;

    private Path services = Path.of("");

    @BeforeEach
    void createDirectory() throws IOException {
        services = Files.createDirectory(directory.resolve("services.d"));
    }

    @Test
    void eachFileIsAServiceThatBearsItsName() throws IOException {
        write("web.json", WEB);
        write("api.v2.yaml", "port: 2\nservers: [h:2]");
        write("mail.yml", "port: 3\nservers: <%= ENV['SERVERS'] %>");
        write(".web.json.swp", "{");
        write(".hidden.json", "{");
        write("README.md", "{");
        Files.createDirectory(services.resolve("more.json"));

        LoadedConfig loaded = load("service_conf_dir: services.d\nservices: {old: {port: 4, servers: [h:4]}}");

        assertThat(messages(loaded)).isEmpty();
        assertThat(loaded.config().services())
                .extracting(ServiceConfig::name)
                .containsExactly("old", "api.v2", "mail", "web");
        assertThat(loaded.config().reload().places())
                .containsExactlyInAnyOrder(
                        services,
                        services.resolve("web.json"),
                        services.resolve("api.v2.yaml"),
                        services.resolve("mail.yml"));
    }

    @Test
    void aFileCountsInsteadOfAServiceOfTheSameName() throws IOException {
        write("web.json", WEB);

        LoadedConfig loaded = load("services: {web: {port: 9, servers: [h:9]}}\nservice_conf_dir: " + services);

        assertThat(messages(loaded))
                .containsExactly(
                        "0.yaml:1:12: warning: services.web: is not used: its file counts," + " services.d/web.json");
        assertThat(Objects.requireNonNull(loaded.config().services().get(0).listener())
                        .addresses())
                .extracting(BindAddress::port)
                .containsExactly(1);
    }

    @Test
    void aBrokenFileHarmsItsServiceOnly() throws IOException {
        write("web.json", WEB);
        write("cut.json", "{\"port\": 1");
        write("list.yaml", "- a");
        write("key.yaml", "prot: 1\nservers: [h:1]\nservers: [h:2]");
        write("ruby.yaml", "port: <%= 1 + 1 %>");
        write("empty.yaml", "");

        LoadedConfig loaded = load("service_conf_dir: services.d");

        assertThat(loaded.unusable()).isFalse();
        assertThat(loaded.config().services()).extracting(ServiceConfig::name).containsExactly("web");
        assertThat(loaded.brokenServices()).containsExactly("cut", "empty", "key", "list", "ruby");
        assertThat(messages(loaded))
                .extracting(message -> message.replaceFirst(" \\(expected.*", ""))
                .containsExactly(
                        "services.d/cut.json:1:11: not JSON: Unexpected end-of-input: expected close marker for Object",
                        "services.d/empty.yaml: warning: is empty",
                        "services.d/empty.yaml:1:1: services.empty: has neither discovery nor servers",
                        "services.d/key.yaml:1:1: services.key.prot: unknown key, did you mean port?",
                        "services.d/key.yaml:3:1: services.key.servers: is set twice, first at"
                                + " services.d/key.yaml:2",
                        "services.d/list.yaml:1:1: the file holds a list",
                        "services.d/ruby.yaml:1:7: template: <%= 1 + 1 %> is Ruby, which is not run");
    }

    @Test
    void aBrokenFileHarmsAllIfThatIsWanted() throws IOException {
        write("web.json", WEB);
        write("cut.json", "{");

        LoadedConfig loaded = load("service_conf_dir: services.d\nstrict: true");

        assertThat(loaded.unusable()).isTrue();
        assertThat(messages(loaded))
                .contains("0.yaml: strict: nothing is used because of errors in cut (expected: no error)");
    }

    @Test
    void twoFilesOfOneServiceBreakIt() throws IOException {
        write("web.json", WEB);
        write("web.yaml", "port: 2\nservers: [h:2]");

        LoadedConfig loaded = load("service_conf_dir: services.d");

        assertThat(loaded.brokenServices()).containsExactly("web");
        assertThat(messages(loaded))
                .containsExactly("services.d/web.yaml:1:1: services.web: is defined twice, first at"
                        + " services.d/web.json:1 (expected: once)");
    }

    @Test
    void aDirectoryThatIsNotThereMayHoldAnything() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        for (String value : List.of("nowhere", file.toString(), "[a]", "'a\\0b'")) {
            LoadedConfig loaded = load("services: {web: {port: 9, servers: [h:9]}}\nservice_conf_dir: " + value);

            assertThat(loaded.unusable()).as(value).isTrue();
            assertThat(messages(loaded).get(0))
                    .startsWith("0.yaml:2:19: service_conf_dir: ")
                    .endsWith("(expected: a directory with a file for each service)");
        }
    }

    @Test
    void aRelativePathBeginsWhereTheProcessDoes() throws IOException {
        LoadedConfig loaded = load("service_conf_dir: examples/services.d");

        assertThat(loaded.config().services())
                .extracting(ServiceConfig::name)
                .containsExactly("maps", "photos", "reviews");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(services.resolve(name), text);
    }

    private LoadedConfig load(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("0.yaml"), text);
        return new ConfigReader(Map.of("SERVERS", "'h:3'")::get).read(List.of(file));
    }

    private List<String> messages(LoadedConfig loaded) {
        return loaded.problems().stream()
                .map(problem -> problem.toString().replace(directory + "/", ""))
                .toList();
    }
}
