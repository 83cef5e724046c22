package io.myelin.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.myelin.route.Condition.All;
import io.myelin.route.Condition.Any;
import io.myelin.route.Condition.Not;
import io.myelin.route.Condition.Part;
import io.myelin.route.Condition.Text;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouteIndexTest {
    private static final String ALPHABET = "ab.:/?A]";
    private static final List<Part> PARTS = List.of(Part.values());
    private static final List<Match> MATCHES = List.of(Match.values());
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Random random = new Random(11);

    @Test
    void answersAsIfEveryConditionWereAskedInOrder() {
        int[] answers = new int[2];
        for (int table = 0; table < 1_500; table++) {
            Condition[] conditions = conditions(1 + random.nextInt(40));
            RouteIndex index = new RouteIndex(conditions);
            for (int i = 0; i < 40; i++) {
                TestRequest request = new TestRequest(text(12), text(12), random.nextBoolean() ? "GET" : "PUT");
                int expected = linear(conditions, request);

                assertThat(index.first(request))
                        .as("%s of %s", request, conditions)
                        .isEqualTo(expected);
                answers[expected < conditions.length ? 1 : 0]++;
            }
        }
        assertThat(answers[0]).as("misses").isGreaterThan(5_000);
        assertThat(answers[1]).as("hits").isGreaterThan(5_000);
    }

    @Test
    void asksFewOfAThousandConditions() {
        AtomicInteger asked = new AtomicInteger();
        Condition[] conditions = IntStream.range(0, 1_000)
                .mapToObj(i -> new All(List.of(counting(asked), domain("service" + i), path("/"))))
                .toArray(Condition[]::new);

        assertThat(new RouteIndex(conditions).first(TestRequest.toHost("a.Service998.example.com")))
                .isEqualTo(998);
        assertThat(asked).hasValue(1);
    }

    @Test
    void picksThePartOfAnAllThatTellsMostApart() {
        AtomicInteger asked = new AtomicInteger();
        Condition[] conditions = IntStream.range(0, 1_000)
                .mapToObj(i -> new All(List.of(counting(asked), domain("shared"), path("/p" + (1_000 + i)))))
                .toArray(Condition[]::new);

        assertThat(new RouteIndex(conditions).first(new TestRequest("shared", "/p1500/x", "GET")))
                .isEqualTo(500);
        assertThat(asked).hasValue(1);
    }

    @Test
    void aLookupAllocatesNothing() {
        Condition[] conditions = IntStream.range(0, 400)
                .mapToObj(i -> i % 2 == 0 ? domain("service" + i) : name("service" + i + ".example.com"))
                .toArray(Condition[]::new);
        RouteIndex index = new RouteIndex(conditions);
        TestRequest request = TestRequest.toHost("service399.example.com:8080");
        lookUp(index, request);

        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        long sum = lookUp(index, request);
        long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;

        assertThat(sum).isEqualTo(399L * 50_000);
        assertThat(allocated).as("bytes allocated by 50000 lookups").isLessThan(50_000);
    }

    private static long lookUp(RouteIndex index, TestRequest request) {
        long sum = 0;
        for (int i = 0; i < 50_000; i++) {
            sum += index.first(request);
        }
        return sum;
    }

    private static int linear(Condition[] conditions, RequestView request) {
        int number = 0;
        while (number < conditions.length && !conditions[number].holds(request)) {
            number++;
        }
        return number;
    }

    private static Condition counting(AtomicInteger asked) {
        return request -> asked.incrementAndGet() > 0;
    }

    private static Condition domain(String text) {
        return new Text(Part.HOST, Match.DOMAIN, true, List.of(text));
    }

    private static Condition name(String text) {
        return new Text(Part.HOST_NAME, Match.EXACT, true, List.of(text));
    }

    private static Condition path(String text) {
        return new Text(Part.PATH, Match.SEGMENTS, false, List.of(text));
    }

    private Condition[] conditions(int count) {
        return IntStream.range(0, count).mapToObj(i -> condition(2)).toArray(Condition[]::new);
    }

    private Condition condition(int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(8)) {
            case 5 -> new All(parts(depth));
            case 6 -> new Any(parts(depth));
            case 7 -> random.nextInt(4) == 0 ? new Not(condition(depth - 1)) : new All(parts(depth));
            default -> leaf();
        };
    }

    private List<Condition> parts(int depth) {
        List<Condition> parts = new ArrayList<>();
        int count = random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            parts.add(condition(depth - 1));
        }
        return parts;
    }

    private Condition leaf() {
        Part part = PARTS.get(random.nextInt(PARTS.size()));
        Match match = MATCHES.get(random.nextInt(MATCHES.size()));
        List<String> texts = new ArrayList<>();
        int count = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            texts.add(part == Part.METHOD ? (random.nextBoolean() ? "GET" : "put") : text(5));
        }
        return new Text(part, match, random.nextBoolean(), texts);
    }

    private String text(int limit) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(60) == 0 ? 0 : 1 + random.nextInt(limit);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
