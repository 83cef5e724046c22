package io.myelin.tye;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.admin.OrchestratedView;
import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.health.lifecycle.LifecycleMonitor.ProbeReport;
import io.myelin.health.lifecycle.ReplicaState;
import io.myelin.health.replica.Launch;
import io.myelin.health.replica.ReplicaBinding;
import io.myelin.health.replica.ReplicaControl;
import io.myelin.health.replica.ReplicaView;
import io.myelin.health.replica.ReplicatedConfig;
import io.myelin.health.replica.ReplicatedView;
import io.myelin.health.replica.RestartPolicy;
import io.myelin.model.Clock;
import io.myelin.tye.TyeApi.Question;
import io.myelin.tye.TyeApi.Reply;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
class TyeApiTest {
    private final List<String> calls = new ArrayList<>();
    private final TyeApi api = new TyeApi(
            new OneService(calls),
            new Application(new UUID(0, 1), () -> "shop", () -> "/a/tye.yaml", () -> calls.add("stop")),
            Clock.SYSTEM);

    @Test
    void theIndexNamesEveryRoot() {
        assertThat(get("/api/v1").body())
                .contains("\"http://here/api/v1/application\"")
                .contains("\"http://here/api/v1/control\"")
                .contains("\"http://here/api/v1/logs/web\"")
                .contains("\"http://here/api/v1/metrics/web\"")
                .contains("\"http://here/api/v1/services\"");
    }

    @Test
    void theApplicationHasANameAndASource() {
        assertThat(get("/api/v1/application").body().replaceAll("\\s", ""))
                .isEqualTo(
                        "{\"id\":\"00000000-0000-0000-0000-000000000001\",\"name\":\"shop\",\"source\":\"/a/tye.yaml\"}");
    }

    @Test
    void aLogIsAListOfLines() {
        assertThat(get("/api/v1/logs/web").body().strip()).isEqualTo("[ \"one\", \"two\" ]");
        Reply unknown = get("/api/v1/logs/nobody");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.body()).contains("\"message\" : \"Unknown service nobody\"");
        assertThat(api.followed(question("GET", "/api/v1/logs/web"))).isNull();
        assertThat(api.followed(new Question("GET", "/api/v1/logs/web", true, "", "here", true)))
                .isEqualTo("web");
    }

    @Test
    void metricsAreTextUnlessJsonIsAskedFor() {
        assertThat(get("/api/v1/metrics").body())
                .startsWith("# web\n")
                .contains("ready{service=\"web\",instance=\"web_1\"} 1\n")
                .contains("readiness_failures{service=\"web\",instance=\"web_1\"} 4\n");
        assertThat(get("/api/v1/metrics/web").body()).contains("ready{instance=\"web_1\"} 1\n");
        assertThat(get("/api/v1/metrics/nobody").status()).isEqualTo(404);
        Reply json = Objects.requireNonNull(
                api.answer(new Question("GET", "/api/v1/metrics", false, "application/json", "here", true)));
        assertThat(json.body().replaceAll("\\s", ""))
                .startsWith("[{\"service\":\"web\",\"metrics\":[{\"name\":\"ready\",\"value\":\"1\","
                        + "\"metadata\":{\"instance\":\"web_1\"}}");
    }

    @ParameterizedTest
    @CsvSource({"DELETE,/api/v1/control,200,stop", "GET,/api/v1/control,405,", "DELETE,/api/v1/application,405,"})
    void programsOfThisHostMayChangeState(String method, String path, int status, @Nullable String call) {
        Reply reply = answer(new Question(method, path, false, "", "here", true));

        assertThat(reply.status()).isEqualTo(status);
        assertThat(calls).isEqualTo(call == null ? List.of() : List.of(call));
        assertThat(reply.allow().isEmpty()).isEqualTo(status != 405);
    }

    @Test
    void othersMayNot() {
        assertThat(answer(new Question("DELETE", "/api/v1/control", false, "", "here", false))
                        .status())
                .isEqualTo(403);
        assertThat(calls).isEmpty();
    }

    @Test
    void otherPathsAreNotTyes() {
        for (String path : List.of(
                "/",
                "/api/v1/services",
                "/api/v1/services/web",
                "/api/v1/services/web/restart",
                "/metrics",
                "/api/v1/logs")) {
            assertThat(api.answer(question("GET", path))).as(path).isNull();
        }
    }

    /** Scenario 23. */
    @Test
    void aServiceHasTyesShapeWithoutItsSecrets() {
        OrchestratedView view = Objects.requireNonNull(new Views(new OneService(calls), false).one("web"));

        assertThat(view.serviceType()).isEqualTo("executable");
        assertThat(view.description().runInfo().executable()).isEqualTo("serve");
        assertThat(view.description().configuration())
                .containsExactly(new OrchestratedView.Variable("PASSWORD", "***"));
        assertThat(view.description().bindings())
                .containsExactly(new OrchestratedView.Binding(null, "***", true, 40_000, null, null, "http"));
        OrchestratedView.Replica replica =
                Objects.requireNonNull(view.replicas().get("web_1"));
        assertThat(replica.state()).isEqualTo("ready");
        assertThat(replica.ports()).containsExactly(1001);
        assertThat(replica.pid()).isEqualTo(77);
        assertThat(replica.environment())
                .containsEntry("PASSWORD", "***")
                .containsEntry("CONNECTIONSTRINGS__DB", "***")
                .containsEntry("PORT", "1001")
                .containsEntry("SERVICE__DB__HOST", "localhost");
        assertThat(view.ready()).isEqualTo(1);
        assertThat(new Views(new OneService(calls), false).one("nobody")).isNull();

        OrchestratedView all = Objects.requireNonNull(new Views(new OneService(calls), true).one("web"));
        assertThat(all.description().configuration())
                .containsExactly(new OrchestratedView.Variable("PASSWORD", "secret"));
    }

    private Reply get(String path) {
        return answer(question("GET", path));
    }

    private Reply answer(Question question) {
        return Objects.requireNonNull(api.answer(question));
    }

    private static Question question(String method, String path) {
        return new Question(method, path, false, "*/*", "here", true);
    }

    /** One replica of a service called web. */
    private record OneService(List<String> calls) implements ReplicaControl {
        private static final ReplicatedView WEB = new ReplicatedView(
                new ReplicatedConfig(
                        "web",
                        new Launch.Executable("serve", "-x", Path.of("/srv")),
                        1,
                        List.of(new ReplicaBinding("", "web", null, null, "", "http", "a secret")),
                        Map.of("PASSWORD", "secret"),
                        LifecycleConfig.NONE,
                        RestartPolicy.DEFAULT,
                        ReplicatedConfig.DEFAULT_STOP_LIMIT),
                1,
                List.of(40_000),
                2,
                1,
                0,
                false,
                List.of(new ReplicaView(
                        "web_1",
                        0,
                        ReplicaState.READY,
                        List.of(1001),
                        77L,
                        null,
                        "",
                        Map.of(
                                "PASSWORD", "secret",
                                "PORT", "1001",
                                "CONNECTIONSTRINGS__DB", "secret",
                                "SERVICE__DB__HOST", "localhost"),
                        1,
                        "it is",
                        List.of(new ProbeReport("readiness", "GET /", true, "200", 3, 5, 6, 7, 4)))));

        @Override
        public List<ReplicatedView> services() {
            return List.of(WEB);
        }

        @Override
        public @Nullable ReplicatedView service(String name) {
            return name.equals("web") ? WEB : null;
        }

        @Override
        public boolean scale(String service, int replicas) {
            return calls.add("scale " + service + " " + replicas);
        }

        @Override
        public boolean restart(String service) {
            return calls.add("restart " + service);
        }

        @Override
        public boolean restart(String service, String replica) {
            return replica.equals("web_1") && calls.add("restart " + service + " " + replica);
        }

        @Override
        public @Nullable List<String> log(String service) {
            return service.equals("web") ? List.of("one", "two") : null;
        }

        @Override
        public @Nullable LogTap follow(String service, Consumer<String> reader) {
            return null;
        }
    }
}
