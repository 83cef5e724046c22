package io.myelin.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.model.SourceStatus;
import io.myelin.pool.Pool;
import io.myelin.server.BindAddress;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReadinessTest {
    private final World world = new World();
    private AdminServer server;
    private AdminClient client;

    @BeforeEach
    void start() throws AdminBindException {
        server = AdminServer.start(new BindAddress("127.0.0.1", 0), world.process, world.clock);
        client = AdminClient.of(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void waitsForTheFirstConfiguration() throws Exception {
        world.process.config = ConfigStatus.NONE;

        assertThat(readiness()).isEqualTo("503 starting []");
    }

    @Test
    void waitsForEverySourceThatHasNotBeenRead() throws Exception {
        Pool web = world.pool("web");
        Pool api = world.pool("api");
        world.pool("static");
        world.source(web, SourceStatus.State.STARTING, 0, "");
        world.source(api, SourceStatus.State.STARTING, 0, "connection refused");
        String atFirst = readiness();

        world.source(api, SourceStatus.State.LIVE, world.clock.wallMillis(), "");
        String afterOne = readiness();
        world.source(web, SourceStatus.State.LIVE, world.clock.wallMillis(), "");

        assertThat(atFirst).isEqualTo("503 starting [\"api\",\"web\"]");
        assertThat(afterOne).isEqualTo("503 starting [\"web\"]");
        assertThat(readiness()).isEqualTo("200 ready []");
    }

    @Test
    void doesNotWaitForASourceWhenThereIsSomethingToServe() throws Exception {
        Pool web = world.pool("web");
        world.source(web, SourceStatus.State.STARTING, 0, "connection refused");
        world.deliver(web, World.UP);

        assertThat(readiness()).isEqualTo("200 ready []");
    }

    @Test
    void staysReadyWhenARegistryIsLost() throws Exception {
        Pool web = world.pool("web");
        world.deliver(web, World.UP);
        world.source(web, SourceStatus.State.STALE, world.clock.wallMillis(), "connection lost");

        assertThat(readiness()).isEqualTo("200 ready []");
    }

    @Test
    void endsWhenTheProcessDrainsWhileItStillLives() throws Exception {
        world.deliver(world.pool("web"), World.UP);
        assertThat(readiness()).isEqualTo("200 ready []");

        world.process.draining = true;

        assertThat(readiness()).isEqualTo("503 draining []");
        assertThat(client.get("/live").statusCode()).isEqualTo(200);
    }

    private String readiness() throws Exception {
        HttpResponse<String> response = client.get("/ready");
        return response.statusCode()
                + " "
                + AdminClient.json(response).path("status").asText()
                + " "
                + AdminClient.json(response).path("missing");
    }
}
