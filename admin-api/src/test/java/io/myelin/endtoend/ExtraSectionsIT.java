package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.launcher.process.StartException;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sections of HAProxy's configuration that a Synapse file carries along, with servers of their own. */
@Timeout(60)
class ExtraSectionsIT {
    @TempDir
    Path directory;

    @Test
    void sectionsWithServersServeBesideTheServices() throws IOException, InterruptedException, StartException {
        try (Patient first = new Patient("first");
                Patient second = new Patient("second");
                LoopbackBackend web = LoopbackBackend.answering("web");
                World world = World.from(directory, """
                        haproxy:
                          defaults: [mode http, option redispatch]
                          extra_sections:
                            frontend edge 127.0.0.1:0:
                              - use_backend legacy if { path_beg /old }
                              - default_backend web
                            listen direct 127.0.0.1:0:
                              - mode tcp
                              - server only 127.0.0.1:%1$d
                            backend legacy:
                              - option httpchk GET /health
                              - timeout check 10s
                              - server first 127.0.0.1:%1$d check inter 50 fall 1 rise 1
                              - server second 127.0.0.1:%2$d backup
                        services:
                          web: {default_servers: ["127.0.0.1:%3$d"], haproxy: {}}
                        """.formatted(port(first), port(second), web.port()));
                RawClient edge = RawClient.to(world.port("edge"));
                RawClient direct = RawClient.to(world.port("direct"))) {
            assertThat(world.errors()).isEmpty();
            assertThat(get(edge, "/")).isEqualTo("web");
            assertThat(get(edge, "/old")).isEqualTo("first");
            assertThat(get(direct, "/")).isEqualTo("first");

            first.answerChecksWith(Patient.ILL);
            world.await(
                    "legacy",
                    "first is down",
                    service -> service.at("/members/0/state").asText().equals("down")
                            && service.at("/snapshot/version").asLong() > 1);

            assertThat(get(edge, "/old")).isEqualTo("second");
            assertThat(get(direct, "/")).as("not checked there").isEqualTo("first");
        }
    }

    private static int port(Patient patient) {
        return Integer.parseInt(patient.entry().replaceAll(".*port: (\\d+)}", "$1"));
    }

    private static String get(RawClient client, String path) throws IOException {
        return client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n")
                .readResponse()
                .body();
    }
}
