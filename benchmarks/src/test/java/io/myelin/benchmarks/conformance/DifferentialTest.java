package io.myelin.benchmarks.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.MemberCounter;
import io.myelin.benchmarks.conformance.NettyReading.Message;
import io.myelin.http.Mutation;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolCounter;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever Myelin lets through means to Netty's decoder, at its strictest, what it meant to Myelin: before and behind
 * the proxy there are the same messages. Damaged versions of all cases of the suite are sent.
 */
@Timeout(120)
class DifferentialTest {
    /** Many, because a stream that breaks off is a wait for the proxy to give up on it. */
    private static final int REQUEST_WORKERS = 32;

    /** Longer than any answer takes, so that what is refused is refused for what it is. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private static final int REQUEST_STREAMS_EACH = 63;
    private static final int RESPONSE_WORKERS = 8;
    private static final int RESPONSE_STREAMS_EACH = 150;
    private static final int LONGEST_SEED = 3_000;

    /** Netty gives up on a chunk of more than 2 GB at its size, Myelin where its data ends too early. */
    private static final Pattern LARGE_CHUNK = Pattern.compile("\r\n[0-9A-Fa-f]{8,}\r\n");

    private static final Pattern EXTENSION =
            Pattern.compile("(\r\n[0-9A-Fa-f]{1,15});[\\t\\x20-\\x7e\\x80-\\xff]*\r\n");

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** How often something came of a stream. */
    private record Tally(int forwarded, int refused) {
        Tally plus(Tally other) {
            return new Tally(forwarded + other.forwarded, refused + other.refused);
        }
    }

    @Test
    void forwardedRequestsAreTheSameToNetty() throws InterruptedException, ExecutionException {
        List<String> refused = seeds(DifferentialTest::refuses);
        List<String> served = seeds(one -> !refuses(one));
        Tally tally = inParallel(REQUEST_WORKERS, worker -> () -> requests(served, refused, new Random(worker)));

        assertThat(tally.forwarded).as("%s", tally).isGreaterThan(REQUEST_WORKERS * REQUEST_STREAMS_EACH / 3);
        assertThat(tally.refused).as("%s", tally).isGreaterThan(REQUEST_WORKERS * REQUEST_STREAMS_EACH / 3);
    }

    private static List<String> seeds(Predicate<ConformanceCase> which) {
        return Suite.cases().stream()
                .filter(which)
                .map(ConformanceCase::sent)
                .filter(DifferentialTest::usable)
                .distinct()
                .toList();
    }

    private static boolean refuses(ConformanceCase one) {
        return one.checks().stream().anyMatch(Refusal.class::isInstance);
    }

    private Tally requests(List<String> served, List<String> refused, Random random)
            throws IOException, InterruptedException {
        Tally tally = new Tally(0, 0);
        try (RecordingMember member = new RecordingMember(threads);
                MyelinContender myelin = new MyelinContender(TIMEOUT)) {
            int port = myelin.start(List.of(member.port())).get(0);
            Pool pool = myelin.pool(member.port());
            for (int i = 0; i < REQUEST_STREAMS_EACH; i++) {
                List<String> seeds = random.nextInt(4) == 0 ? refused : served;
                String sent = Mutation.of(seeds.get(random.nextInt(seeds.size())), random);
                String answers = exchange(port, sent, random.nextInt(sent.length() + 1));
                Await.until("everything is forwarded", () -> forwarded(pool, member));
                int forwarded = assertSameRequests(sent, member.take());
                assertThat(answers.split("HTTP/1.1 200 OK\r\n", -1))
                        .as(described(sent))
                        .hasSize(forwarded + 1);
                tally = tally.plus(new Tally(forwarded, forwarded == 0 ? 1 : 0));
            }
        }
        return tally;
    }

    private static boolean forwarded(Pool pool, RecordingMember member) {
        long made = pool.snapshot().members().get(0).total(MemberCounter.CONNECTIONS);
        return pool.total(PoolCounter.IN_FLIGHT) == 0 && member.settled(made);
    }

    /** Returns how many requests were forwarded. */
    private static int assertSameRequests(String sent, List<String> streams) {
        List<Message> behind = new ArrayList<>();
        for (String stream : streams) {
            NettyReading reading = NettyReading.requests(stream);
            assertThat(reading.broken() && !LARGE_CHUNK.matcher(stream).find())
                    .as("%s was forwarded as %s", described(sent), described(stream))
                    .isFalse();
            assertThat(reading.complete())
                    .as("%s was forwarded as %s", described(sent), described(stream))
                    .hasSameSizeAs(RequestReader.STRICT.read(stream).complete());
            behind.addAll(reading.complete());
        }
        List<Message> before = NettyReading.requests(sent).complete();
        if (before.size() < behind.size()) {
            before = NettyReading.requests(withoutExtensions(sent)).complete();
        }
        assertThat(behind.size()).as(described(sent)).isLessThanOrEqualTo(before.size());
        // Several connections are used only where one of them broke, and then their order is not known.
        if (streams.size() == 1) {
            for (int i = 0; i < behind.size(); i++) {
                assertSameRequest(before.get(i), behind.get(i), described(sent));
            }
        }
        return behind.size();
    }

    /** Extensions end at Myelin, which looks at their bytes only, while Netty has them well-formed. */
    private static String withoutExtensions(String stream) {
        return EXTENSION.matcher(stream).replaceAll("$1\r\n");
    }

    private static void assertSameRequest(Message before, Message behind, String description) {
        String[] start = before.start().split(" ", -1);
        boolean absolute = start[1].matches("(?i)https?://.*");
        assertThat(behind.version()).isEqualTo("HTTP/1.1");
        assertThat(behind.start()).as(description).isEqualTo(start[0] + " " + origin(start[0], start[1], absolute));
        assertThat(behind.body()).as(description).isEqualTo(before.body());
        assertThat(withoutHost(behind)).as(description).isEqualTo(expectedFields(before));
        if (!absolute && before.endToEnd().stream().anyMatch(DifferentialTest::isHost)) {
            assertThat(behind.endToEnd().stream().filter(DifferentialTest::isHost))
                    .as(description)
                    .containsExactlyElementsOf(before.endToEnd().stream()
                            .filter(DifferentialTest::isHost)
                            .toList());
        }
    }

    private static String origin(String method, String target, boolean absolute) {
        if (!absolute) {
            return target;
        }
        String rest = target.replaceFirst("(?i)https?://[^/?]*", "");
        if (rest.isEmpty() && method.equals("OPTIONS")) {
            return "*";
        }
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    private static List<String> withoutHost(Message message) {
        return message.endToEnd().stream().filter(line -> !isHost(line)).toList();
    }

    /** What a client of version 1.0 expects is not asked of the member (RFC 9110 section 10.1.1). */
    private static List<String> expectedFields(Message before) {
        return withoutHost(before).stream()
                .filter(line -> !before.version().equals("HTTP/1.0") || !isExpect(line))
                .toList();
    }

    private static boolean isExpect(String line) {
        return line.toLowerCase(Locale.ROOT).startsWith("expect:");
    }

    private static boolean isHost(String line) {
        return line.toLowerCase(Locale.ROOT).startsWith("host:");
    }

    @Test
    void forwardedResponsesAreTheSameToNetty() throws InterruptedException, ExecutionException {
        List<String> seeds = Suite.cases().stream()
                .flatMap(one -> one.replies().stream())
                .map(DifferentialTest::text)
                .filter(DifferentialTest::usable)
                .filter(reply -> !reply.startsWith("HTTP/1.1 101"))
                .distinct()
                .toList();
        Tally tally = inParallel(RESPONSE_WORKERS, worker -> () -> responses(seeds, new Random(100 + worker)));

        assertThat(tally.forwarded).as("%s", tally).isGreaterThan(RESPONSE_WORKERS * RESPONSE_STREAMS_EACH / 4);
        assertThat(tally.refused).as("%s", tally).isGreaterThan(RESPONSE_WORKERS * RESPONSE_STREAMS_EACH / 4);
    }

    private static Tally responses(List<String> seeds, Random random) throws IOException, InterruptedException {
        BlockingQueue<String> replies = new LinkedBlockingQueue<>();
        Tally tally = new Tally(0, 0);
        try (LoopbackBackend member = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write(Objects.requireNonNullElse(replies.poll(), ""));
                });
                MyelinContender myelin = new MyelinContender(TIMEOUT)) {
            int port = myelin.start(List.of(member.port())).get(0);
            for (int i = 0; i < RESPONSE_STREAMS_EACH; i++) {
                boolean toHead = random.nextInt(8) == 0;
                String sent = Mutation.of(seeds.get(random.nextInt(seeds.size())), random);
                replies.add(sent);
                String request = (toHead ? "HEAD" : "GET") + " / HTTP/1.1\r\nHost: web\r\n\r\n";
                String received = exchange(port, request, request.length());
                boolean forwarded = assertSameResponse(sent, received, toHead);
                tally = tally.plus(new Tally(forwarded ? 1 : 0, forwarded ? 0 : 1));
            }
        }
        return tally;
    }

    /** Returns whether a response was forwarded completely. */
    private static boolean assertSameResponse(String sent, String received, boolean toHead) {
        NettyReading behind = NettyReading.responses(received, toHead);
        assertThat(behind.broken())
                .as("%s was forwarded as %s", described(sent), described(received))
                .isFalse();
        List<Message> got = behind.complete();
        boolean refused = received.contains("X-Myelin-Failure: ");
        if (refused || got.isEmpty() || got.size() < behind.messages().size()) {
            return false;
        }
        List<Message> before = NettyReading.responses(sent, toHead).complete();
        if (before.size() < got.size()) {
            before = NettyReading.responses(withoutExtensions(sent), toHead).complete();
        }
        assertThat(before.size()).as(described(sent)).isGreaterThanOrEqualTo(got.size());
        for (int i = 0; i < got.size(); i++) {
            assertThat(got.get(i).start())
                    .as(described(sent))
                    .isEqualTo(before.get(i).start());
            assertThat(got.get(i).body())
                    .as(described(sent))
                    .isEqualTo(before.get(i).body());
            assertThat(withoutLength(got.get(i))).as(described(sent)).isEqualTo(withoutLength(before.get(i)));
        }
        return !got.get(got.size() - 1).start().startsWith("1");
    }

    /** A length that means nothing, as in 204, is left out. */
    private static List<String> withoutLength(Message message) {
        return message.endToEnd().stream()
                .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .toList();
    }

    /** Sends {@code bytes} in two pieces and ends the output; returns everything that comes back. */
    private static String exchange(int port, String bytes, int split) throws IOException {
        try (RawClient client = RawClient.to(port)) {
            try {
                client.send(bytes.substring(0, split));
                client.send(bytes.substring(split));
                client.endOutput();
            } catch (IOException ignored) {
                // Refused early; what it was told is read all the same.
            }
            return readAll(client);
        }
    }

    private static String readAll(RawClient client) {
        StringBuilder received = new StringBuilder();
        byte[] buffer = new byte[16 * 1024];
        try {
            for (int length = client.socket().getInputStream().read(buffer);
                    length >= 0;
                    length = client.socket().getInputStream().read(buffer)) {
                received.append(new String(buffer, 0, length, ISO_8859_1));
            }
        } catch (IOException ignored) {
            // A reset is one way to say that a message broke off.
        }
        return received.toString();
    }

    private static boolean usable(String seed) {
        return !seed.isEmpty() && seed.length() <= LONGEST_SEED;
    }

    private static String text(Reply reply) {
        StringBuilder text = new StringBuilder();
        reply.parts()
                .forEach(part ->
                        part.acts().forEach(act -> text.append(act.kind() == Act.Kind.SEND ? act.text() : "")));
        return text.toString();
    }

    private static String described(String text) {
        return "<" + Escapes.encode(text) + ">";
    }

    /** One worker's part. */
    private interface Work {
        Callable<Tally> of(int worker);
    }

    private Tally inParallel(int workers, Work work) throws InterruptedException, ExecutionException {
        List<Future<Tally>> parts = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            parts.add(threads.submit(work.of(worker)));
        }
        Tally tally = new Tally(0, 0);
        for (Future<Tally> part : parts) {
            tally = tally.plus(part.get());
        }
        return tally;
    }
}
