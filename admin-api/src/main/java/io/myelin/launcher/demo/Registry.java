package io.myelin.launcher.demo;

import io.myelin.discovery.zookeeper.EmbeddedZooKeeper;
import io.myelin.discovery.zookeeper.Ensembles;
import io.myelin.discovery.zookeeper.NerveRegistration;
import io.myelin.model.Endpoint;

/** The demo's ZooKeeper and the one session over which all demo endpoints register. */
final class Registry implements AutoCloseable {
    private final EmbeddedZooKeeper server = new EmbeddedZooKeeper();
    private final Ensembles ensembles = new Ensembles(Ensembles.DEFAULT_SESSION_TIMEOUT);

    /** Starts it and returns when it answers. */
    Registry() {
        server.start();
    }

    String connectString() {
        return server.connectString();
    }

    /** Returns a registration that is not announced yet. */
    NerveRegistration registration(String path, Endpoint endpoint) {
        return new NerveRegistration(ensembles, server.connectString(), path, endpoint);
    }

    @Override
    public void close() {
        ensembles.close();
        server.close();
    }
}
