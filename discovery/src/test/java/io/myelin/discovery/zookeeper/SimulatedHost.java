package io.myelin.discovery.zookeeper;

import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.RandomSource;
import io.myelin.model.SourceStatus;
import java.time.Duration;

/** One host that follows one service in virtual time with the program's own classes. */
final class SimulatedHost {
    private final ChildFollower follower;

    SimulatedHost(
            SimulatedEnsemble ensemble,
            VirtualTime time,
            String parent,
            Duration window,
            RandomSource random,
            EndpointSink sink) {
        ZooKeeperCounts counts = new ZooKeeperCounts();
        Connection connection = new Connection(ensemble, time, Watching.RECURSIVE, counts, time);
        ChildTable table = new ChildTable("web", new ZnodePaths(parent), ZnodeFormat.NERVE.codec(), sink, counts);
        follower = new ChildFollower(connection, table, new Pacer(window, time, random), new Fails());
    }

    void start() {
        follower.start();
    }

    /** Remembers only how many endpoints there are, so that ten thousand hosts fit. */
    static final class CountingSink implements EndpointSink {
        private int endpoints;

        @Override
        public void replace(EndpointSet delivered) {
            endpoints = delivered.endpoints().size();
        }

        @Override
        public void status(SourceStatus status) {
            throw new UnsupportedOperationException("a follower reports no status");
        }

        int endpoints() {
            return endpoints;
        }
    }

    private static final class Fails implements ChildFollower.Outcome {
        @Override
        public void onSynced() {
            // As it should be.
        }

        @Override
        public void onOldServers() {
            throw new AssertionError("old servers");
        }

        @Override
        public void onFailed(String error) {
            throw new AssertionError(error);
        }
    }
}
