package io.myelin.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.model.Endpoint;
import io.myelin.pool.Pool;
import io.myelin.server.BindAddress;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HAProxy's statistics on the admin listener. */
@Timeout(20)
class StatsResourceTest {
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
        world.process.statistics.close();
    }

    @Test
    void linesAreWhereHaproxyHasThem() {
        world.mixedPool("web");
        world.process.listen("web", 80, 80, null);

        HttpResponse<String> response = client.get("/;csv");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
        List<String> lines = response.body().lines().toList();
        assertThat(lines.get(0))
                .startsWith("# pxname,svname,qcur,qmax,scur,smax,slim,stot,")
                .endsWith(",");
        assertThat(lines.subList(1, lines.size()))
                .extracting(line -> line.split(",", -1)[1] + " " + line.split(",", -1)[17])
                .containsExactly(
                        "FRONTEND OPEN",
                        "a_10.0.0.1:80 no check",
                        "b_10.0.0.2:80 DOWN",
                        "c_10.0.0.3:80 DRAIN",
                        "d_10.0.0.4:80 no check",
                        "e_::1:80 no check",
                        "BACKEND UP");
    }

    @Test
    void aScopeLeavesOutTheOthers() {
        world.mixedPool("web");
        world.mixedPool("api");

        assertThat(client.get("/stats;csv;norefresh;scope=AP").body().lines().skip(1))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("api,"));
    }

    @Test
    void namesFromARegistryAreTextOnThePage() {
        Pool pool = world.pool("web");
        world.deliver(pool, Endpoint.of("<script>alert(1)</script>", "10.0.0.1", 80));

        HttpResponse<String> page = client.get("/stats");

        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("content-security-policy"))
                .hasValueSatisfying(policy -> assertThat(policy).contains("default-src 'none'"));
        assertThat(page.body())
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;_10.0.0.1:80")
                .doesNotContain("<script");
        assertThat(client.get("/;norefresh").body()).contains("<caption>web</caption>");
    }
}
