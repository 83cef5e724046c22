package io.myelin.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.myelin.accesslog.AccessLogCounter;
import io.myelin.balance.Member;
import io.myelin.balance.MemberCounter;
import io.myelin.failure.Failure;
import io.myelin.http.Violation;
import io.myelin.model.Endpoint;
import io.myelin.model.SourceStatus;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.StickyConfig;
import io.myelin.server.BindAddress;
import io.myelin.server.ConnectionRoom;
import io.myelin.server.ProcessConnections;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class MetricsResourceTest {
    private static final String LABEL = "[a-z]+=\"(?:[^\"\\\\]|\\\\[\\\\n\"])*\"";
    private static final Pattern SERIES =
            Pattern.compile("(myelin_[a-z0-9_]+)(\\{(?:" + LABEL + ")(?:," + LABEL + ")*})? ([0-9.eE+-]+|\\+Inf|NaN)");
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (myelin_[a-z0-9_]+) (.+)");

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
    void writesOnlyWellFormedLinesAndNoSeriesTwice() throws Exception {
        busyWorld();

        HttpResponse<String> response = client.get("/metrics");

        assertThat(response.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(parse(response.body())).hasSizeGreaterThan(150);
    }

    @Test
    void namesBrokenRulesWithTheirClause() throws Exception {
        world.process.refusedRequests.put(Violation.CONTENT_LENGTH, 3L);
        world.process.refusedResponses.put(Violation.STATUS_LINE, 2L);

        Map<String, Double> series = parse(client.get("/metrics").body());

        assertThat(series)
                .contains(
                        entry(
                                "myelin_http_violations_total{clause=\"RFC 9112 section 6.3\",rule=\"content_length\","
                                        + "side=\"request\"}",
                                3.0),
                        entry(
                                "myelin_http_violations_total{clause=\"RFC 9112 section 4\",rule=\"status_line\","
                                        + "side=\"response\"}",
                                2.0),
                        entry(
                                "myelin_http_violations_total{clause=\"RFC 9112 section 4\",rule=\"status_line\","
                                        + "side=\"request\"}",
                                0.0));
    }

    @Test
    void countsChecksOfPoolsThatHaveThem() throws Exception {
        world.process.serve(world.mixedPool("web"));
        world.process.serve(world.mixedPool("unchecked"));
        world.process.checks.put("web", new CheckCounts(9, 5, 3, 2, 1));

        Map<String, Double> series = parse(client.get("/metrics").body());

        assertThat(series)
                .contains(
                        entry("myelin_pool_checks_total{pool=\"web\",result=\"passed\"}", 5.0),
                        entry("myelin_pool_checks_total{pool=\"web\",result=\"failed\"}", 3.0),
                        entry("myelin_pool_check_transitions_total{pool=\"web\"}", 2.0),
                        entry("myelin_pool_traffic_alarms_total{pool=\"web\"}", 1.0))
                .doesNotContainKey("myelin_pool_checks_total{pool=\"unchecked\",result=\"passed\"}");
    }

    @Test
    void countsProbesOfInstances() throws Exception {
        world.process.probed.add(new ProbedInstance(
                "web",
                "one",
                List.of(
                        new ProbedInstance.Probe(
                                "liveness", "tcp 10.0.0.1:80", "passed", "connected", 2, null, 3, 4, 5),
                        new ProbedInstance.Probe("readiness", "tcp 10.0.0.1:80", "none", "", 0, null, 0, 0, 0)),
                new ProbedInstance.Hook(6, 1, 2, "", null, null)));

        Map<String, Double> series = parse(client.get("/metrics").body());

        String instance = "{instance=\"one\",probe=\"liveness\",";
        assertThat(series)
                .contains(
                        entry("myelin_probe_results_total" + instance + "result=\"passed\",service=\"web\"}", 4.0),
                        entry("myelin_probe_results_total" + instance + "result=\"failed\",service=\"web\"}", 5.0),
                        entry("myelin_probe_passing" + instance + "service=\"web\"}", 1.0),
                        entry("myelin_probe_latency_seconds" + instance + "service=\"web\"}", 0.002),
                        entry("myelin_probe_restart_hook_calls_total{instance=\"one\",service=\"web\"}", 6.0),
                        entry("myelin_probe_restart_hook_failures_total{instance=\"one\",service=\"web\"}", 1.0),
                        entry("myelin_probe_restart_hook_skipped_total{instance=\"one\",service=\"web\"}", 2.0))
                .doesNotContainKey("myelin_probe_passing{instance=\"one\",probe=\"readiness\",service=\"web\"}");
    }

    @Test
    void countsLinesOfAccessLogs() throws Exception {
        world.process.accessLog.put(AccessLogCounter.WRITTEN, 7L);
        world.process.accessLog.put(AccessLogCounter.DROPPED, 1L);

        assertThat(parse(client.get("/metrics").body()))
                .contains(
                        entry("myelin_access_log_lines_total{result=\"written\"}", 7.0),
                        entry("myelin_access_log_lines_total{result=\"dropped\"}", 1.0),
                        entry("myelin_access_log_lines_total{result=\"failed\"}", 0.0));
    }

    @Test
    void namesCountersByWhatTheyCount() throws Exception {
        busyWorld();
        String body = client.get("/metrics").body();

        assertThat(typesOf(body)).isNotEmpty().allSatisfy((name, type) -> {
            if (type.equals("counter")) {
                assertThat(name).endsWith("_total");
            } else {
                assertThat(name).doesNotEndWith("_total");
            }
        });
    }

    @Test
    void reportsPoolsMembersListenersAndTheProcess() throws Exception {
        busyWorld();

        assertThat(parse(client.get("/metrics").body()))
                .contains(
                        entry("myelin_pool_requests_total{pool=\"web\"}", 7.0),
                        entry("myelin_pool_in_flight{pool=\"web\"}", 1.0),
                        entry("myelin_pool_responses_total{code=\"2xx\",pool=\"web\"}", 5.0),
                        entry("myelin_pool_failures_total{pool=\"web\",reason=\"upstream_closed\"}", 2.0),
                        entry("myelin_pool_failures_total{pool=\"web\",reason=\"no_member\"}", 0.0),
                        entry("myelin_pool_members{pool=\"web\",state=\"up\"}", 1.0),
                        entry("myelin_pool_members{pool=\"web\",state=\"not_eligible\"}", 2.0),
                        entry("myelin_pool_snapshot_version{pool=\"web\"}", 4.0),
                        entry("myelin_source_stale{pool=\"web\"}", 1.0),
                        entry("myelin_source_age_seconds{pool=\"web\"}", 30.0),
                        entry("myelin_member_requests_total{member=\"a_10.0.0.1:80\",pool=\"web\"}", 8.0),
                        entry("myelin_member_connect_failures_total{member=\"a_10.0.0.1:80\",pool=\"web\"}", 3.0),
                        entry("myelin_member_up{member=\"a_10.0.0.1:80\",pool=\"web\"}", 1.0),
                        entry("myelin_member_up{member=\"b_10.0.0.2:80\",pool=\"web\"}", 0.0),
                        entry("myelin_member_latency_seconds_count{member=\"a_10.0.0.1:80\",pool=\"web\"}", 1.0),
                        entry("myelin_unrouted_failures_total{reason=\"no_route\"}", 11.0),
                        entry("myelin_unrouted_redirects_total", 3.0),
                        entry("myelin_registry_reads_total", 7.0),
                        entry("myelin_draining", 0.0),
                        entry("myelin_config_version", 1.0))
                .containsEntry(
                        "myelin_listener_accepted_connections_total"
                                + "{address=\"127.0.0.1:80\",listener=\"web\",protocol=\"http\"}",
                        12.0)
                .containsEntry("myelin_listener_up{address=\"127.0.0.1:81\",listener=\"web\",protocol=\"http\"}", 0.0)
                .containsKeys("myelin_jvm_heap_used_bytes", "myelin_jvm_threads", "myelin_uptime_seconds")
                .anySatisfy((series, value) -> {
                    assertThat(series).startsWith("myelin_build_info{").contains("version=\"1.2.3\"");
                    assertThat(value).isEqualTo(1.0);
                });
    }

    @Test
    void tellsLimitsAndWhoWaitsForThem() throws Exception {
        world.deliver(world.pool("free"), World.UP);
        world.fill(world.narrowPool("web"));
        world.process.listenWithin("web", 80, new ConnectionRoom(50, 2, 9));
        world.process.listen("free", 81, 81, null);
        world.process.connections = new ProcessConnections(3, 9);

        Map<String, Double> series = parse(client.get("/metrics").body());

        String member = "{member=\"a_10.0.0.1:80\",pool=\"web\"}";
        String listener = "{address=\"127.0.0.1:80\",listener=\"web\",protocol=\"http\"}";
        assertThat(series)
                .contains(
                        entry("myelin_pool_queue_length{pool=\"web\"}", 1.0),
                        entry("myelin_pool_queue_most{pool=\"web\"}", 1.0),
                        entry("myelin_pool_queue_limit{pool=\"web\"}", 7.0),
                        entry("myelin_pool_queued_total{pool=\"web\"}", 1.0),
                        entry("myelin_pool_queue_time_seconds_count{pool=\"web\"}", 0.0),
                        entry("myelin_member_max_connections" + member, 1.0),
                        entry("myelin_member_slots_taken" + member, 1.0),
                        entry("myelin_member_queue_length" + member, 0.0),
                        entry("myelin_listener_max_connections" + listener, 50.0),
                        entry("myelin_listener_waiting_connections" + listener, 2.0),
                        entry("myelin_listener_waited_connections_total" + listener, 9.0),
                        entry("myelin_open_connections", 3.0),
                        entry("myelin_max_connections", 9.0))
                .doesNotContainKeys(
                        "myelin_pool_queue_length{pool=\"free\"}",
                        "myelin_listener_max_connections{address=\"127.0.0.1:81\",listener=\"free\",protocol=\"http\"}");
    }

    @Test
    void reportsStickinessOfPoolsThatHaveIt() throws Exception {
        Pool pool = new Pool(
                PoolConfig.named("shop")
                        .with()
                        .sticky(StickyConfig.inserted("SRV"))
                        .build(),
                Runnable::run,
                world.clock,
                bound -> 0,
                1);
        pool.load(0).counters().add(PoolCounter.STICKY_HITS, 3);
        pool.load(0).counters().add(PoolCounter.STICKY_MISSES, 2);
        pool.load(0).counters().add(PoolCounter.STICKY_REDISPATCHES, 1);
        world.process.serve(pool);
        world.mixedPool("web");

        assertThat(parse(client.get("/metrics").body()))
                .contains(
                        entry("myelin_pool_sticky_hits_total{pool=\"shop\"}", 3.0),
                        entry("myelin_pool_sticky_misses_total{pool=\"shop\"}", 2.0),
                        entry("myelin_pool_sticky_redispatches_total{pool=\"shop\"}", 1.0))
                .doesNotContainKey("myelin_pool_sticky_hits_total{pool=\"web\"}");
    }

    @Test
    void groupsLatencyInCumulativeBuckets() throws Exception {
        Pool pool = world.pool("web");
        for (long micros : new long[] {400, 500, 600, 9_000, 20_000_000}) {
            pool.load(0).latency().record(micros * 1_000);
        }

        Map<String, Double> series = parse(client.get("/metrics").body());

        assertThat(bucket(series, "5.0E-4")).isEqualTo(2.0);
        assertThat(bucket(series, "0.001")).isEqualTo(3.0);
        assertThat(bucket(series, "0.005")).isEqualTo(3.0);
        assertThat(bucket(series, "0.01")).isEqualTo(4.0);
        assertThat(bucket(series, "10.0")).isEqualTo(4.0);
        assertThat(bucket(series, "+Inf")).isEqualTo(5.0);
        assertThat(series).containsEntry("myelin_pool_latency_seconds_count{pool=\"web\"}", 5.0);
        assertThat(series.get("myelin_pool_latency_seconds_sum{pool=\"web\"}")).isBetween(19.8, 20.2);
    }

    @Test
    void tellsMicrosecondsOfItsOwnTimeApart() throws Exception {
        Pool pool = world.pool("web");
        pool.load(0).selfTime().record(20_000);
        pool.load(1).selfTime().record(80_000);

        assertThat(parse(client.get("/metrics").body()))
                .contains(
                        entry("myelin_pool_self_time_seconds_bucket{pool=\"web\",le=\"1.0E-5\"}", 0.0),
                        entry("myelin_pool_self_time_seconds_bucket{pool=\"web\",le=\"5.0E-5\"}", 1.0),
                        entry("myelin_pool_self_time_seconds_bucket{pool=\"web\",le=\"1.0E-4\"}", 2.0));
    }

    @Test
    void speaksOpenMetricsToThoseWhoAskForIt() throws Exception {
        busyWorld();

        HttpResponse<String> response =
                client.send("GET", "/metrics", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

        assertThat(response.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text; version=1.0.0"));
        assertThat(response.body()).endsWith("# EOF\n").contains("myelin_pool_requests_total{pool=\"web\"} 7.0\n");
    }

    @Test
    void escapesNamesFromOutside() throws Exception {
        Pool pool = world.pool("we\"b\\\n");
        world.deliver(pool, Endpoint.of("evil\"} 1\n", "10.0.0.1", 80));

        assertThat(parse(client.get("/metrics").body()))
                .containsEntry("myelin_member_up{member=\"evil\\\"} 1\\n_10.0.0.1:80\",pool=\"we\\\"b\\\\\\n\"}", 1.0);
    }

    @Test
    void survivesTwoListenersThatLookTheSame() throws Exception {
        world.process.listen("web", 0, 4711, null);
        world.process.listen("web", 0, 4712, null);

        assertThat(parse(client.get("/metrics").body()))
                .containsEntry("myelin_listener_up{address=\"127.0.0.1:0\",listener=\"web\",protocol=\"http\"}", 1.0);
    }

    private void busyWorld() {
        Pool pool = world.mixedPool("web");
        world.pool("idle");
        Member member = pool.snapshot().members().get(0);
        pool.load(0).counters().add(PoolCounter.REQUESTS, 7);
        pool.load(1).counters().add(PoolCounter.RESPONSES_2XX, 5);
        pool.load(1).counters().increment(PoolCounter.IN_FLIGHT);
        pool.load(1).failures().add(Failure.UPSTREAM_CLOSED, 2);
        pool.load(0).latency().record(3_000_000);
        pool.load(0).selfTime().record(30_000);
        member.load(0).counters().add(MemberCounter.REQUESTS, 8);
        member.load(1).counters().add(MemberCounter.CONNECT_FAILURES, 3);
        member.load(1).latency().record(2_000_000);
        world.source(pool, SourceStatus.State.STALE, world.clock.wallMillis(), "connection lost");
        world.clock.advance(Duration.ofSeconds(30));
        world.process.unrouted.put(Failure.NO_ROUTE, 11L);
        world.process.listen("web", 80, 80, null);
        world.process.listen("web", 81, 0, "address already in use");
    }

    private static double bucket(Map<String, Double> series, String bound) {
        return series.getOrDefault("myelin_pool_latency_seconds_bucket{pool=\"web\",le=\"" + bound + "\"}", -1.0);
    }

    /** Reads the text format, line by line; every line must be one that Prometheus takes. */
    private static Map<String, Double> parse(String body) {
        assertThat(body).endsWith("\n");
        Map<String, Double> series = new LinkedHashMap<>();
        for (String line : body.lines().toList()) {
            if (COMMENT.matcher(line).matches()) {
                continue;
            }
            Matcher matcher = SERIES.matcher(line);
            assertThat(matcher.matches()).as(line).isTrue();
            int space = line.lastIndexOf(' ');
            Double before = series.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
            assertThat(before).as("the earlier one of " + line).isNull();
        }
        return series;
    }

    private static Map<String, String> typesOf(String body) {
        Map<String, String> types = new HashMap<>();
        body.lines().map(COMMENT::matcher).filter(Matcher::matches).forEach(matcher -> {
            if (matcher.group(1).equals("TYPE")) {
                types.put(matcher.group(2), matcher.group(3));
            }
        });
        return types;
    }
}
