package io.myelin.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.model.Clock;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MyelinProcessTest {
    private static final List<String> COMMAND = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "io.myelin.launcher.Main");

    @Test
    void servesWhereItSaysAndTellsOfItsConnections() throws IOException, InterruptedException {
        try (LoopbackBackend member = LoopbackBackend.answering("hello");
                MyelinProcess myelin = MyelinProcess.start(COMMAND, """
                          one: {port: "127.0.0.1:0", servers: ["127.0.0.1:%1$d"]}
                          two: {port: "127.0.0.1:0", servers: ["127.0.0.1:%1$d"]}
                        """.formatted(member.port()), 2, Clock.SYSTEM)) {
            myelin.awaitReady();
            assertThat(myelin.ports())
                    .containsExactly(
                            myelin.address("one").getPort(),
                            myelin.address("two").getPort());
            try (RawClient client = RawClient.to(myelin.address("two").getPort())) {
                client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
                assertThat(client.readResponse().body()).isEqualTo("hello");
                assertThat(myelin.metrics()).containsPattern("myelin_listener_open_connections\\{[^}]*two[^}]*} 1\\.0");
            }

            myelin.awaitNoConnection();
            assertThat(myelin.metrics()).doesNotContainPattern("myelin_listener_open_connections\\{[^}]*} 1\\.0");
        }
    }

    @Test
    void whatItPrintedIsToldWhenItDoesNotStart() {
        assertThatThrownBy(() -> MyelinProcess.start(COMMAND, "  web: {prot: 1}\n", 1, Clock.SYSTEM)
                        .close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not listen at 1 addresses")
                .hasMessageContaining("prot");
    }
}
