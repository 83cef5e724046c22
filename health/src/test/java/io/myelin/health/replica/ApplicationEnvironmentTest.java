package io.myelin.health.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.health.lifecycle.LifecycleConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@NullMarked
class ApplicationEnvironmentTest {
    private static final Launch PROCESS = new Launch.Executable("serve", "", Path.of("."));
    private static final Launch CONTAINER = new Launch.Container("", "redis", "", List.of());

    private static final ReplicatedConfig APP_A = service("app-a", PROCESS, binding("", "app-a", 5070, "http", ""));
    private static final ReplicatedConfig APP_B = service("app-b", PROCESS);

    /** Scenario 22. */
    @Test
    void everyServiceIsToldWhereTheOthersAre() {
        Map<String, String> ofB = environment(APP_A, APP_B).of(APP_B, "app-b_1", List.of());

        assertThat(ofB)
                .containsEntry("SERVICE__APP-A__HOST", "localhost")
                .containsEntry("SERVICE__APP-A__PORT", "5070")
                .containsEntry("SERVICE__APP-A__PROTOCOL", "http")
                .containsEntry("APP-A_SERVICE_HOST", "localhost")
                .containsEntry("APP-A_SERVICE_PORT", "5070")
                .containsEntry("APP-A_SERVICE_PROTOCOL", "http")
                .containsEntry("APP-A_SERVICE_ENDPOINT", "http://localhost:5070")
                .containsEntry("APP_INSTANCE", "app-b_1")
                .doesNotContainKey("PORT");
    }

    @Test
    void aReplicaListensOnItsOwnPorts() {
        ReplicatedConfig service = service(
                "web",
                PROCESS,
                binding("plain", "web", 80, "http", ""),
                binding("secure", "web:secure", 443, "https", ""),
                binding("raw", "web:raw", 9000, "tcp", ""));

        Map<String, String> variables = environment(service).of(service, "web_1", List.of(1001, 1002, 1003));

        assertThat(variables)
                .containsEntry("PORT", "1001;1002;1003")
                .containsEntry("ASPNETCORE_URLS", "http://localhost:1001;https://localhost:1002")
                .containsEntry("HTTPS_PORT", "443")
                .containsEntry("SERVICE__WEB__SECURE__PORT", "443")
                .containsEntry("WEB_RAW_SERVICE_ENDPOINT", "tcp://localhost:9000")
                .containsEntry("DOTNET_ENVIRONMENT", "Development")
                .containsEntry("ASPNETCORE_ENVIRONMENT", "Development");
    }

    @Test
    void withoutAProtocolThereIsNoEndpoint() {
        ReplicatedConfig service = service("web", PROCESS, binding("", "web", 80, "", ""));

        assertThat(environment(service).of(service, "web_1", List.of(1001)))
                .containsEntry("SERVICE__WEB__PORT", "80")
                .containsEntry("ASPNETCORE_URLS", "http://localhost:1001")
                .doesNotContainKeys("SERVICE__WEB__PROTOCOL", "WEB_SERVICE_PROTOCOL", "WEB_SERVICE_ENDPOINT");
    }

    @Test
    void aPortThatTheSystemChoseIsTheListeners() {
        ReplicatedConfig service = service("web", PROCESS, binding("", "web", null, "http", ""));

        ApplicationEnvironment bound =
                new ApplicationEnvironment(List.of(service), Map.of("web", 40_000), name -> null);
        assertThat(bound.of(service, "web_1", List.of(1001)))
                .containsEntry("WEB_SERVICE_ENDPOINT", "http://localhost:40000");

        assertThat(environment(service).of(service, "web_1", List.of(1001)))
                .containsEntry("SERVICE__WEB__HOST", "localhost")
                .doesNotContainKeys("SERVICE__WEB__PORT", "WEB_SERVICE_ENDPOINT");
    }

    @Test
    void aContainerReachesServicesOnItsHostAndListensOnItsOwnPort() {
        ReplicatedConfig cache =
                service("cache", CONTAINER, new ReplicaBinding("", "cache", 6000, 6379, "", "redis", ""));

        Map<String, String> variables = environment(APP_A, cache).of(cache, "cache_1", List.of(31_000));

        assertThat(variables)
                .containsEntry("PORT", "6379")
                .containsEntry("PROXY_PORT", "6379:6000")
                .containsEntry("CONTAINER_HOST", ApplicationEnvironment.CONTAINER_HOST)
                .containsEntry("SERVICE__APP-A__HOST", ApplicationEnvironment.CONTAINER_HOST)
                .doesNotContainKey("ASPNETCORE_URLS");
        assertThat(environment(APP_A, cache).of(APP_A, "app-a_1", List.of(1001)))
                .containsEntry("CACHE_SERVICE_ENDPOINT", "redis://localhost:6000");
    }

    @Test
    void anExternalServiceIsAtItsHost() {
        ReplicatedConfig external = service(
                "db", new Launch.External(), new ReplicaBinding("", "db", 5432, null, "2001:db8::1", "tcp", ""));

        assertThat(environment(APP_B, external).of(APP_B, "app-b_1", List.of()))
                .containsEntry("SERVICE__DB__HOST", "2001:db8::1")
                .containsEntry("DB_SERVICE_ENDPOINT", "tcp://[2001:db8::1]:5432");
    }

    @Test
    void aConnectionStringTakesThePlaceOfTheAddress() {
        ReplicatedConfig db = new ReplicatedConfig(
                "db",
                PROCESS,
                1,
                List.of(
                        binding("", "db", 5432, "tcp", "Host=${host};Port=${port};User=${env:USER_NAME};$1"),
                        binding(
                                "peer",
                                "db:peer",
                                5433,
                                "",
                                "${service:app-a:protocol}://${service:APP-A:host}/${service:db:peer:port}?${env:SHELL_X}")),
                Map.of("USER_NAME", "root"),
                LifecycleConfig.NONE,
                RestartPolicy.DEFAULT,
                ReplicatedConfig.DEFAULT_STOP_LIMIT);

        assertThat(environment(APP_A, APP_B, db).of(APP_B, "app-b_1", List.of()))
                .containsEntry("CONNECTIONSTRINGS__DB", "Host=localhost;Port=5432;User=root;$1")
                .containsEntry("CONNECTIONSTRINGS__DB__PEER", "http://localhost/5433?of the shell")
                .doesNotContainKeys("SERVICE__DB__HOST", "SERVICE__DB__PEER__PORT", "DB_SERVICE_PORT");
    }

    @Test
    void anUnknownTokenIsNamed() {
        for (String token : List.of("${nothing}", "${}", "${env:}", "${service:a:b:c:port}", "${service:a:user}")) {
            assertThatThrownBy(() -> ConnectionString.of("x=" + token))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("unknown token " + token);
        }
        assertThat(ConnectionString.of("secret ${host}").toString()).doesNotContain("secret");
    }

    @Test
    void whatTheServiceSaysItselfCountsExceptForPortAndName() {
        ReplicatedConfig service = new ReplicatedConfig(
                "web",
                PROCESS,
                1,
                List.of(binding("", "web", 80, "http", "")),
                Map.of(
                        "DOTNET_ENVIRONMENT", "Production",
                        "SERVICE__WEB__HOST", "elsewhere",
                        "PORT", "1",
                        "APP_INSTANCE", "me"),
                LifecycleConfig.NONE,
                RestartPolicy.DEFAULT,
                ReplicatedConfig.DEFAULT_STOP_LIMIT);

        assertThat(environment(service).of(service, "web_1", List.of(1001)))
                .containsEntry("DOTNET_ENVIRONMENT", "Production")
                .containsEntry("SERVICE__WEB__HOST", "elsewhere")
                .containsEntry("PORT", "1001")
                .containsEntry("APP_INSTANCE", "web_1");
    }

    private static ApplicationEnvironment environment(ReplicatedConfig... services) {
        return new ApplicationEnvironment(
                Arrays.asList(services), Map.of(), name -> name.equals("SHELL_X") ? "of the shell" : null);
    }

    private static ReplicaBinding binding(
            String name, String pool, @Nullable Integer port, String protocol, String connectionString) {
        return new ReplicaBinding(name, pool, port, null, "", protocol, connectionString);
    }

    private static ReplicatedConfig service(String name, Launch launch, ReplicaBinding... bindings) {
        return new ReplicatedConfig(
                name,
                launch,
                1,
                Arrays.asList(bindings),
                Map.of(),
                LifecycleConfig.NONE,
                RestartPolicy.DEFAULT,
                ReplicatedConfig.DEFAULT_STOP_LIMIT);
    }
}
