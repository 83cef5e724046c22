package io.myelin.discovery.zookeeper;

import io.myelin.discovery.GatedSink;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.SourceReport;
import io.myelin.model.Clock;
import io.myelin.model.EndpointSink;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/** Follows the endpoints registered under one znode, through every loss of connection and session. */
@OwnedBy(Owner.REGISTRY)
final class ZooKeeperWatcher implements ServiceWatcher, Ensemble.Follower {
    /*
     * Each connection gets a session of following of its own (ChildFollower, ConfigFollower): whatever was asked over an
     * earlier one is void. What was learnt stays (ChildTable), so that only differences are read. A follower that meets
     * an error gives up, and another one starts after a pause. Polling is the same without watches: when a follower has
     * read everything it is let go, and the next one starts after the interval.
     */
    private final Ensembles ensembles;
    private final Ensemble ensemble;
    private final ZooKeeperConfig config;
    private final GatedSink sink;
    private final SourceReport report;
    private final ChildTable table;
    private final Pacer pacer;
    private final Clock clock;
    private final RandomSource random;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable ChildFollower follower;
    private @Nullable ConfigFollower configFollower;
    private @Nullable String configured;
    private int failures;

    /** Counts the times that following began or ended, so that what was scheduled before is void. */
    private int era;

    ZooKeeperWatcher(
            String service,
            ZooKeeperConfig config,
            EndpointSink sink,
            Ensembles ensembles,
            Clock clock,
            RandomSource random) {
        ZnodePaths paths = new ZnodePaths(config.path());
        String configPath = config.configPath();
        this.config = configPath == null
                ? config
                : config.with().configPath(new ZnodePaths(configPath).parent()).build();
        this.clock = clock;
        this.random = random;
        this.ensembles = ensembles;
        this.ensemble = ensembles.acquire(config.ensemble());
        this.sink = new GatedSink(sink);
        String source = "zookeeper " + config.ensemble().connectString() + " " + paths.parent();
        this.report = new SourceReport(source, this.sink, clock);
        this.table = new ChildTable(service, paths, config.format().codec(), this.sink, ensemble.counts());
        this.pacer = new Pacer(config.window(), clock, random);
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
        Watching watching = config.pollingInterval() == null ? ensemble.watching() : Watching.NONE;
        Connection connection =
                new Connection(new ConnectedZnodes(connected), ensemble, watching, ensemble.counts(), clock);
        followConfig(connection);
        followChildren(connection, connected);
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

    private void followChildren(Connection connection, ZooKeeper connected) {
        ChildFollower next = new ChildFollower(connection, table, pacer, new ChildFollower.Outcome() {
            @Override
            public void onSynced() {
                failures = 0;
                report.synced();
                Duration interval = config.pollingInterval();
                if (interval != null) {
                    stopFollowing();
                    followAgain(connected, interval);
                }
            }

            @Override
            public void onOldServers() {
                ensemble.useOneTimeWatches();
            }

            @Override
            public void onFailed(String error) {
                failures++;
                report.lost(error);
                followAgain(connected, config.pauses().after(failures, random));
            }
        });
        follower = next;
        next.start();
    }

    private void followConfig(Connection connection) {
        String path = config.configPath();
        if (path == null) {
            configure("");
            return;
        }
        ConfigFollower next = new ConfigFollower(connection, path, this::onConfig);
        configFollower = next;
        next.start();
    }

    /** A znode that is missing says nothing, except that it has never said anything. */
    private void onConfig(@Nullable String sections) {
        if (sections != null) {
            configure(sections);
        } else if (configured == null) {
            configure("");
        }
    }

    private void configure(String sections) {
        if (!sections.equals(configured)) {
            configured = sections;
            sink.configure(sections);
        }
    }

    private void followAgain(ZooKeeper connected, Duration pause) {
        int now = era;
        ensemble.schedule(
                () -> {
                    if (era == now) {
                        onConnected(connected);
                    }
                },
                pause);
    }

    private void stopFollowing() {
        era++;
        if (follower != null) {
            follower.stop();
            follower = null;
        }
        if (configFollower != null) {
            configFollower.stop();
            configFollower = null;
        }
    }
}
