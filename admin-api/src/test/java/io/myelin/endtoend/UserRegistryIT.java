package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.launcher.MyelinProcess;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A kind of registry as a user writes it: a class beside the program, compiled against it and found by the script. */
@Timeout(90)
class UserRegistryIT {
    private static final Path SCRIPT = Path.of("..", "bin", "myelin");
    private static final Path JAR = Path.of("target", "myelin.jar");

    /** Stands in the README as well. */
    private static final String SOURCE = """
            import io.myelin.discovery.DiscoveryConfig;
            import io.myelin.discovery.ServiceWatcher;
            import io.myelin.discovery.WatcherProvider;
            import io.myelin.discovery.Watchers;
            import io.myelin.model.Endpoint;
            import io.myelin.model.EndpointSet;
            import io.myelin.model.EndpointSink;
            import java.util.List;
            import java.util.Set;

            public final class OnePort implements WatcherProvider {
                public Set<String> methods() {
                    return Set.of("one_port");
                }

                public boolean supports(DiscoveryConfig config) {
                    return config instanceof DiscoveryConfig.Custom custom && custom.method().equals("one_port");
                }

                public ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers) {
                    Object port = ((DiscoveryConfig.Custom) config).section().get("at");
                    Endpoint endpoint = Endpoint.of("", "127.0.0.1", ((Long) port).intValue());
                    return new ServiceWatcher() {
                        public void start() {
                            sink.replace(new EndpointSet(service, List.of(endpoint), "one_port"));
                        }

                        public void close() {}
                    };
                }

                public void close() {}
            }
            """;

    @TempDir
    Path root;

    private Path classes() {
        return root.resolve("classes");
    }

    @BeforeEach
    void prepare() throws IOException {
        Files.createDirectories(classes().resolve("META-INF/services"));
    }

    @Test
    void servesWhatTheUsersClassDelivers() throws IOException, InterruptedException {
        compile();
        announce("OnePort\nno.such.Registry\n");
        try (LoopbackBackend backend = LoopbackBackend.answering("hello")) {
            Path file = file(backend.port());
            try (MyelinProcess process = start(classes().toString(), "run", file)) {
                String admin = process.awaitLine(line -> line.startsWith("admin "));
                String listening = process.awaitLine(line -> line.startsWith("listening web"));
                Admin.at(admin.substring("admin ".length()))
                        .await(
                                "/api/v1/services/web",
                                "the registry has delivered",
                                web -> web.path("memberCounts").path("eligible").asInt() == 1);
                try (RawClient client =
                        RawClient.to(Integer.parseInt(listening.substring(listening.lastIndexOf(':') + 1)))) {
                    assertThat(client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n")
                                    .readResponse()
                                    .body())
                            .isEqualTo("hello");
                }
                process.signal("TERM");
                assertThat(process.exitCode()).isZero();
                assertThat(process.errors()).contains("A kind of registry cannot be used", "no.such.Registry");
            }
        }
    }

    @Test
    void withoutTheClassTheMethodIsUnknown() throws IOException, InterruptedException {
        try (MyelinProcess process = start("", "check", file(1))) {
            assertThat(process.awaitLine(line -> line.contains("one_port")))
                    .contains("services.web.discovery.method: one_port (expected: base or ");
            assertThat(process.exitCode()).isNotZero();
        }
    }

    private static MyelinProcess start(String classPath, String command, Path file) throws IOException {
        return MyelinProcess.startBy(SCRIPT, Map.of("MYELIN_CLASSPATH", classPath), command, "-c", file.toString());
    }

    private Path file(int port) throws IOException {
        return Files.writeString(root.resolve("user.yaml"), """
                services:
                  web:
                    port: "127.0.0.1:0"
                    discovery: {method: one_port, at: %d}
                """.formatted(port));
    }

    private void announce(String names) throws IOException {
        Files.writeString(classes().resolve("META-INF/services/io.myelin.discovery.WatcherProvider"), names);
    }

    private void compile() throws IOException {
        Path source = Files.writeString(root.resolve("OnePort.java"), SOURCE);
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        JAR.toString(),
                        "-d",
                        classes().toString(),
                        source.toString());
        assertThat(result).isZero();
    }
}
