package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.health.plugin.PluginEmulator;
import io.myelin.testing.Await;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * 200 plugins of which 100 come and go at random: what Synse's API says of them is true after each look, and nothing
 * grows.
 *
 * <p>{@code -Dmyelin.test.flapping=120} lets them do it for two minutes; how long {@code /test} took is in the log and
 * in {@code target/synse-flapping.txt}.
 */
@Timeout(300)
@NullMarked
class SynseFlappingIT {
    private static final Logger log = LoggerFactory.getLogger(SynseFlappingIT.class);
    private static final Path REPORT = Path.of("target", "synse-flapping.txt");
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("myelin.test.flapping", 3));
    private static final long ROUND_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();
    private static final int PLUGINS = 200;
    private static final int FLAPPING = 100;
    private static final int FEWEST_FLIPS = 50;

    @TempDir
    Path directory;

    private final List<PluginEmulator> plugins = new ArrayList<>();
    private final BitSet down = new BitSet();
    private final Random random = new Random(11);
    private final AtomicBoolean over = new AtomicBoolean();

    @AfterEach
    void close() {
        over.set(true);
        plugins.forEach(PluginEmulator::close);
    }

    @Test
    void whatIsSaidOfPluginsThatComeAndGoIsTrueAndNothingGrows() throws IOException {
        // Ports that the system gives away would be taken by others while a plugin is down.
        List<Integer> ports = Ports.free(PLUGINS);
        for (int i = 0; i < PLUGINS; i++) {
            plugins.add(PluginEmulator.of(name(i)).port(ports.get(i)).start());
        }
        try (Child child = Child.from(directory, yaml())) {
            Admin api = Admin.at("http://127.0.0.1:" + child.port("synse"));
            Await.until("all are active", () -> active(api).size() == PLUGINS);
            Metrics before = child.admin().metrics();
            CompletableFuture<Histogram> asked = CompletableFuture.supplyAsync(() -> askAlive(child.port("synse")));

            long endNanos = System.nanoTime() + TIME.toNanos();
            int flips = 0;
            while (System.nanoTime() < endNanos || flips <= FEWEST_FLIPS) {
                flips += flapForAWhile();
                // The first may have been under way when the last of them came or went.
                api.get("/v3/plugin?refresh=true");
                api.get("/v3/plugin?refresh=true");
                assertThat(active(api)).isEqualTo(running());
            }
            over.set(true);
            Histogram micros = asked.orTimeout(30, TimeUnit.SECONDS).join();

            assertThat(flips).isGreaterThan(FEWEST_FLIPS);
            Metrics after = child.admin().metrics();
            assertThat(after.sum("myelin_jvm_threads")).isBetween(1.0, before.sum("myelin_jvm_threads") + 3);
            assertThat(after.sum("myelin_process_open_files"))
                    .isBetween(1.0, before.sum("myelin_process_open_files") + 10);
            report(flips, micros);
        }
    }

    /** Leaves how long {@code /test} took for those who want to know; nothing depends on it. */
    private static void report(int flips, Histogram micros) throws IOException {
        String line = "Microseconds of /test while plugins came and went: seconds=%d flips=%d asked=%d"
                        .formatted(TIME.toSeconds(), flips, micros.getTotalCount())
                + " p50=%d p99=%d p99.9=%d max=%d"
                        .formatted(
                                micros.getValueAtPercentile(50),
                                micros.getValueAtPercentile(99),
                                micros.getValueAtPercentile(99.9),
                                micros.getMaxValue());
        Files.writeString(REPORT, line + System.lineSeparator());
        // Tests show warnings only.
        log.warn("{} file={}", line, REPORT.toAbsolutePath());
    }

    /** Lets plugins come and go for a second and returns how often they did. */
    private int flapForAWhile() {
        int flips = 0;
        long endNanos = System.nanoTime() + ROUND_NANOS;
        while (System.nanoTime() < endNanos) {
            int one = random.nextInt(FLAPPING);
            if (down.get(one)) {
                plugins.get(one).up();
            } else {
                plugins.get(one).down();
            }
            down.flip(one);
            flips++;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return flips;
    }

    /** Asks for a sign of life again and again until all is over; returns how many microseconds it took. */
    private Histogram askAlive(int port) {
        Histogram micros = new Histogram(3);
        try (RawClient client = RawClient.to(port)) {
            while (!over.get()) {
                long startNanos = System.nanoTime();
                assertThat(client.send("GET /test HTTP/1.1\r\nHost: synse\r\n\r\n")
                                .readResponse()
                                .status())
                        .isEqualTo(200);
                micros.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startNanos));
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return micros;
    }

    private Set<String> running() {
        Set<String> running = new TreeSet<>();
        for (int i = 0; i < PLUGINS; i++) {
            if (!down.get(i)) {
                running.add(name(i));
            }
        }
        return running;
    }

    private static Set<String> active(Admin api) {
        Set<String> active = new TreeSet<>();
        for (JsonNode plugin : api.json("/v3/plugin")) {
            if (plugin.path("active").asBoolean()) {
                active.add(plugin.path("id").asText());
            }
        }
        return active;
    }

    private static String name(int number) {
        return "p%03d".formatted(number);
    }

    private String yaml() {
        String addresses =
                plugins.stream().map(plugin -> plugin.address().text()).collect(Collectors.joining("', '"));
        return "synse: {address: '127.0.0.1:0', grpc: {timeout: 5}, plugin: {tcp: ['" + addresses + "']}}\n";
    }
}
