package io.myelin.discovery.zookeeper;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.GatedSink;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.SourceReport;
import io.myelin.model.Clock;
import io.myelin.model.EndpointSink;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/** Follows the endpoints registered under one znode, through every loss of connection and session. */
@OwnedBy(Owner.REGISTRY)
final class ZooKeeperWatcher implements ServiceWatcher, Ensemble.Follower {
    /*
     * Each connection gets a session of following of its own (ChildFollower): whatever was asked over an earlier one is
     * void. What was learnt stays (ChildTable), so that only differences are read. A follower that meets an error gives
     * up, and another one starts after a pause that doubles up to a few seconds.
     */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final int MAX_DOUBLINGS = 5;

    private final Ensembles ensembles;
    private final Ensemble ensemble;
    private final GatedSink sink;
    private final SourceReport report;
    private final ChildTable table;
    private final Clock clock;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable ChildFollower follower;
    private int failures;

    ZooKeeperWatcher(
            String service, DiscoveryConfig.ZooKeeper config, EndpointSink sink, Ensembles ensembles, Clock clock) {
        ZnodePaths paths = new ZnodePaths(config.path());
        this.clock = clock;
        this.ensembles = ensembles;
        this.ensemble = ensembles.acquire(config.ensemble());
        this.sink = new GatedSink(sink);
        this.report = new SourceReport("zookeeper " + config.ensemble() + " " + paths.parent(), this.sink, clock);
        this.table = new ChildTable(service, paths, this.sink, ensemble.counts());
    }

    @Override
    public void start() {
        if (!closed.get() && started.compareAndSet(false, true)) {
            ensemble.execute(report::starting);
            ensemble.follow(this);
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            sink.close();
            ensemble.unfollow(this);
            ensembles.release(ensemble);
        }
    }

    @Override
    public void onConnected(ZooKeeper connected) {
        stopFollowing();
        ChildFollower next = new ChildFollower(connected, ensemble, table, clock, new ChildFollower.Outcome() {
            @Override
            public void onSynced() {
                failures = 0;
                report.synced();
            }

            @Override
            public void onFailed(String error) {
                report.lost(error);
                resumeLater(connected);
            }
        });
        follower = next;
        next.start();
    }

    @Override
    public void onDisconnected(String reason) {
        stopFollowing();
        report.lost(reason);
    }

    @Override
    public void onUnfollowed(@Nullable ZooKeeper connected) {
        if (follower != null && connected != null) {
            follower.unwatch();
        }
        stopFollowing();
    }

    private void resumeLater(ZooKeeper connected) {
        ChildFollower failed = follower;
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures++, MAX_DOUBLINGS));
        ensemble.schedule(
                () -> {
                    if (follower == failed) {
                        onConnected(connected);
                    }
                },
                pause);
    }

    private void stopFollowing() {
        if (follower != null) {
            follower.stop();
            follower = null;
        }
    }
}
