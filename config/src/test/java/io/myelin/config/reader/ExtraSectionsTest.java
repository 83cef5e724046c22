package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.LoadedConfig;
import io.myelin.config.ServiceConfig;
import io.myelin.health.CheckConfig;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.EndpointOptions;
import io.myelin.model.Protocol;
import io.myelin.pool.Lineup.Order;
import io.myelin.route.RouteConfig.Route;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sections of HAProxy's configuration that stand for themselves. */
@NullMarked
class ExtraSectionsTest {
    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    @Test
    void aBackendIsAServiceWithItsOwnServers() {
        LoadedConfig loaded = files.load("""
                haproxy:
                  defaults: [mode http, timeout connect 3s, default-server inter 7s]
                  extra_sections:
                    frontend edge 127.0.0.1:80:
                      - acl old path_beg /old
                      - use_backend legacy if old
                      - default_backend web
                    backend legacy:
                      - balance first
                      - option httpchk GET /up
                      - default-server weight 7
                      - server a 10.0.0.1:80 check fall 5
                      - server b 10.0.0.2:81 weight 3 backup
                      - server s /run/s.sock check fall 5 disabled id 9
                services:
                  web: {default_servers: ['h:1'], haproxy: {listen: [mode http]}}
                """);

        assertThat(loaded.problems()).isEmpty();
        ServiceConfig legacy = loaded.config().services().get(1);
        assertThat(legacy.name()).isEqualTo("legacy");
        assertThat(legacy.listener()).isNull();
        List<Endpoint> servers = legacy.pool().membership().defaults();
        assertThat(servers)
                .extracting(Endpoint::id)
                .extracting(EndpointId::value)
                .containsExactly("a", "b", "s");
        assertThat(servers).extracting(Endpoint::address).containsExactly("10.0.0.1:80", "10.0.0.2:81", "/run/s.sock");
        assertThat(servers).extracting(legacy.pool().membership()::weightOf).containsExactly(7, 3, 7);
        assertThat(servers).extracting(Endpoint::backup).containsExactly(false, true, false);
        assertThat(servers)
                .extracting(server -> EndpointOptions.parse(server.options()).unchecked())
                .containsExactly(false, true, false);
        assertThat(EndpointOptions.parse(servers.get(2).options()).disabled()).isTrue();
        CheckConfig check = Objects.requireNonNull(legacy.check());
        assertThat(check.interval()).isEqualTo(Duration.ofSeconds(7));
        assertThat(check.fall()).isEqualTo(5);
        assertThat(check.http()).isNotNull();
        assertThat(legacy.pool().upstream().connectTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(legacy.pool().lineup().order()).isEqualTo(Order.AS_DELIVERED);

        ListenerConfig edge = loaded.config().frontends().get(0);
        assertThat(edge.name()).isEqualTo("edge");
        assertThat(edge.addresses()).extracting(BindAddress::toString).containsExactly("127.0.0.1:80");
        assertThat(edge.protocol()).isEqualTo(Protocol.HTTP);
        assertThat(edge.routes().routes()).extracting(Route::pool).containsExactly("legacy");
        assertThat(edge.routes().defaultPool()).isEqualTo("web");
    }

    @Test
    void aListenIsAServiceWithAListener() {
        LoadedConfig loaded = files.load("""
                haproxy:
                  extra_sections:
                    "listen mysql 127.0.0.1:3306": [mode tcp, bind 127.0.0.1:3307, maxconn 9, server db 10.0.0.9:3306]
                    "listen relay": [bind 127.0.0.1:3308, default_backend mysql]
                """);

        assertThat(loaded.problems()).isEmpty();
        ServiceConfig mysql = loaded.config().services().get(0);
        ListenerConfig listener = Objects.requireNonNull(mysql.listener());
        assertThat(listener.addresses())
                .extracting(BindAddress::toString)
                .containsExactly("127.0.0.1:3306", "127.0.0.1:3307");
        assertThat(listener.protocol()).isEqualTo(Protocol.TCP);
        assertThat(listener.maxConnections()).isEqualTo(9);
        assertThat(mysql.check()).isNull();
        ListenerConfig relay = loaded.config().frontends().get(0);
        assertThat(relay.protocol()).isEqualTo(Protocol.TCP);
        assertThat(relay.routes().defaultPool()).isEqualTo("mysql");
    }

    @Test
    void aServiceMayLeadToASectionAndFollowItsServers() {
        LoadedConfig loaded = files.load("""
                haproxy:
                  extra_sections:
                    backend spare: [mode http, server a h:9 check]
                services:
                  web:
                    default_servers: [{host: h, port: 1, haproxy_server_options: track spare/a}]
                    haproxy:
                      port: 80
                      listen: [mode http]
                      frontend: ["use_backend spare if { nbsrv(web) lt 1 }"]
                """);

        assertThat(loaded.problems()).isEmpty();
        assertThat(Objects.requireNonNull(loaded.config().services().get(0).listener())
                        .routes()
                        .routes())
                .extracting(Route::pool)
                .containsExactly("spare");
    }

    @Test
    void noFileWithEndpointsIsWrittenOfASection() {
        LoadedConfig loaded = files.load("""
                haproxy: {extra_sections: {"listen db 127.0.0.1:1": [server a h:9]}}
                file_output: {output_directory: /tmp}
                """);

        assertThat(Objects.requireNonNull(loaded.config().operators().fileOutput())
                        .disabled())
                .containsExactly("db");
    }

    @Test
    void whatIsWrongInASectionHarmsNothingElse() {
        LoadedConfig loaded = files.load("""
                haproxy:
                  extra_sections:
                    backend web: [server a h:9]
                    backend none: [mode http]
                    backend off: [disabled, server a h:9]
                    backend bad:
                      - server a h
                      - server b h:1
                      - server b h:2
                      - server c h:3 check track b
                      - server-template d 3 h:4
                    backend mixed:
                      - server a h:1 check inter 1s
                      - server b h:2 check inter 2s
                      - server c h:3
                      - server d h:4 send-proxy
                    frontend tcp: ["bind :81", "use_backend bad if { path /x }", "default_backend mixed"]
                    frontend lost: ["bind :82", "default_backend nowhere"]
                    peers p: [peer a h:1]
                services:
                  web: {default_servers: ['h:1'], haproxy: {port: 80}}
                """);

        assertThat(loaded.problems().stream().map(files::shortened))
                .containsExactly(
                        "0.yaml:3:5: warning: haproxy.extra_sections.backend web: not used: web is the name of another"
                                + " service",
                        "0.yaml:4:5: warning: haproxy.extra_sections.backend none: takes no traffic: it has no port, and"
                                + " no route leads to it",
                        "0.yaml:5:5: warning: haproxy.extra_sections.backend off: is disabled: nothing of it listens, and"
                                + " nothing leads to it",
                        "0.yaml:6:5: warning: haproxy.extra_sections.backend bad: `track b` of c: b is not checked: c"
                                + " counts as up",
                        "0.yaml:7:9: haproxy.extra_sections.backend bad[0]: `server a h`: names no server that can be"
                                + " reached (expected: server NAME ADDRESS:PORT [options], with a host or the path of a"
                                + " Unix socket)",
                        "0.yaml:9:9: haproxy.extra_sections.backend bad[2]: `server b h:2`: there is another server b"
                                + " (expected: a name of its own)",
                        "0.yaml:10:9: haproxy.extra_sections.backend bad[3]: `server c h:3 check track b`: a server is"
                                + " checked or tracks another one, not both (expected: check or track)",
                        "0.yaml:11:9: warning: haproxy.extra_sections.backend bad[4]: `server-template d 3 h:4`: not"
                                + " interpreted: it has no effect",
                        "0.yaml:14:9: warning: haproxy.extra_sections.backend mixed[1]: `server b h:2 check inter 2s`: is"
                                + " checked, watched and connected to as the server a is: these options are one for all"
                                + " servers of a section",
                        "0.yaml:16:9: warning: haproxy.extra_sections.backend mixed[3]: `server d h:4 send-proxy`: is"
                                + " checked, watched and connected to as the server a is: these options are one for all"
                                + " servers of a section",
                        "0.yaml:17:32: warning: haproxy.extra_sections.frontend tcp[1]: `use_backend bad if { path /x }`:"
                                + " has no effect: it tells requests apart, and the frontend speaks TCP",
                        "0.yaml:18:33: haproxy.extra_sections.frontend lost[1]: `default_backend nowhere`: there is no"
                                + " service nowhere (expected: one of web, none, bad, mixed)",
                        "0.yaml:19:5: warning: haproxy.extra_sections.peers p: not interpreted: nothing of it listens");
        assertThat(loaded.unusable()).isFalse();
        assertThat(loaded.brokenServices()).containsExactly("bad");
        assertThat(loaded.config().services()).extracting(ServiceConfig::name).containsExactly("web", "none", "mixed");
        assertThat(loaded.config().frontends()).extracting(ListenerConfig::name).containsExactly("tcp");
    }
}
