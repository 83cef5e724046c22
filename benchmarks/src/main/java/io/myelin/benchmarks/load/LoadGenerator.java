package io.myelin.benchmarks.load;

import io.myelin.model.Clock;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/** Runs loads, one at a time. */
public final class LoadGenerator implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    private final Clock clock;
    private final int threads;
    private final EventLoops loops;

    /** Starts the event loops. */
    public LoadGenerator(Clock clock, int threads) {
        this.clock = clock;
        this.threads = threads;
        this.loops = new EventLoops("load", threads);
    }

    /**
     * Offers a load and returns once it is over.
     *
     * @param observedPids processes whose processor time is divided by the number of replies, descendants included
     */
    LoadResult run(LoadPlan plan, List<Long> observedPids) throws IOException, InterruptedException {
        long startNanos = clock.nanoTime();
        LongSupplier elapsed = () -> clock.nanoTime() - startNanos;
        long fromNanos = plan.warmUp().toNanos();
        long toNanos = fromNanos + plan.duration().toNanos();
        List<Team> teams = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            teams.add(new Team(loops.group().next(), new Recorder(fromNanos, toNanos)));
        }
        for (int index = 0; index < plan.connections(); index++) {
            teams.get(index % threads).newClient(index, plan, elapsed).start();
        }
        TimeUnit.NANOSECONDS.sleep(fromNanos - elapsed.getAsLong());
        CpuTime before = CpuTime.of(observedPids);
        long observedNanos = elapsed.getAsLong();
        TimeUnit.NANOSECONDS.sleep(toNanos - observedNanos);
        CpuTime used = CpuTime.of(observedPids).minus(before);
        return summarize(teams, plan, used);
    }

    @Override
    public void close() {
        loops.close();
    }

    private static LoadResult summarize(List<Team> teams, LoadPlan plan, CpuTime used) throws InterruptedException {
        Histogram latency = Recorder.newHistogram();
        long requests = 0;
        long errors = 0;
        for (Team team : teams) {
            team.awaitTurn();
            team.recorder().addTo(latency);
            requests += team.recorder().replies();
            errors += team.recorder().errors();
        }
        double seconds = plan.duration().toNanos() / 1e9;
        return new LoadResult(requests, errors, seconds, latency, used.dividedBy(requests));
    }

    /** The clients of one event loop. */
    private record Team(EventLoop loop, Recorder recorder) {
        Client newClient(int index, LoadPlan plan, LongSupplier elapsed) {
            Bootstrap bootstrap = new Bootstrap()
                    .group(loop)
                    .channel(EventLoops.clientChannel())
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS);
            return new Client(index, plan, loop, bootstrap, recorder, elapsed);
        }

        /** Returns after whatever the loop is doing, so that what it recorded is visible. */
        void awaitTurn() throws InterruptedException {
            CountDownLatch turn = new CountDownLatch(1);
            loop.execute(turn::countDown);
            turn.await();
        }
    }
}
