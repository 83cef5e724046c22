package io.myelin.benchmarks;

import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.route.Condition.Part;
import io.myelin.route.Condition.Text;
import io.myelin.route.Match;
import io.myelin.route.RequestView;
import io.myelin.route.RouteConfig;
import io.myelin.route.RouteConfig.Route;
import io.myelin.route.RouteTable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Claim: a lookup allocates nothing, and costs much the same however many rules a listener has. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class RouteBenchmark {
    @Param
    public Rule rule = Rule.EXACT_HOST;

    @Param({"1", "10", "100", "1000"})
    public int rules;

    private RouteTable table = RouteTable.of(new RouteConfig(List.of(), null), Map.of());
    private RequestView last = new Request("");
    private final RequestView unknown = new Request("unknown.internal.example.com");

    /** How a rule looks at the host. */
    public enum Rule {
        EXACT_HOST(Match.EXACT),
        /** HAProxy's {@code hdr_dom(host)}. */
        HDR_DOM(Match.DOMAIN);

        private final Match match;

        Rule(Match match) {
            this.match = match;
        }

        Route forService(int index) {
            String text = this == EXACT_HOST ? host(index) : "service" + index;
            return new Route(new Text(Part.HOST, match, true, List.of(text)), "web");
        }
    }

    @Setup
    public void createTable() {
        Pool pool = new Pool(PoolConfig.named("web"), Runnable::run, Clock.SYSTEM, RandomSource.SYSTEM, 1);
        List<Route> routes =
                IntStream.range(0, rules).mapToObj(rule::forService).toList();
        table = RouteTable.of(new RouteConfig(routes, null), Map.of("web", pool));
        last = new Request(host(rules - 1));
    }

    @Benchmark
    public @Nullable Pool hitLast() {
        return table.route(last);
    }

    @Benchmark
    public @Nullable Pool miss() {
        return table.route(unknown);
    }

    private static String host(int index) {
        return "service" + index + ".internal.example.com";
    }

    private record Request(String host, String path, String method) implements RequestView {
        Request(String host) {
            this(host, "/", "GET");
        }
    }
}
