package io.myelin.discovery.zookeeper;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one session with an ensemble, and the one thread on which everything that uses it lives.
 *
 * <p>Connects when it is first followed and then tries for ever. Every method queues its work on the registry thread
 * and returns at once.
 */
@OwnedBy(Owner.REGISTRY)
final class Ensemble implements RegistryThread {
    /*
     * ZooKeeper's client goes round its servers for ever by itself, pausing up to a second between attempts, and Curator
     * opens a new session when the old one expired. Operations are never repeated below this class: whoever started
     * one hears of its end, and starts afresh when it is told of the next connection.
     */
    private static final Logger log = LoggerFactory.getLogger(Ensemble.class);
    private static final Duration LONGEST_CONNECTION_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CLIENT_RETRY = Duration.ofMillis(200);

    private final EnsembleConfig config;
    private final String servers;
    private final Duration sessionTimeout;
    private final Duration connectionTimeout;
    private final ZooKeeperCounts counts;
    private final ScheduledThreadPoolExecutor executor;
    private final Set<Follower> followers = new LinkedHashSet<>();
    private final Map<String, Object> claims = new HashMap<>();
    private @Nullable CuratorFramework curator;
    private @Nullable ZooKeeper client;
    private @Nullable String error;
    private boolean recursiveWatches = true;

    /** Something that lives as long as connections come and go; called on the registry thread. */
    interface Follower {
        /** A connection was made; watches and reads of an earlier one are void. */
        void onConnected(ZooKeeper connected);

        /** There is no connection, for the reason given; may repeat. */
        void onDisconnected(String reason);

        /** Nothing more will be told. */
        void onUnfollowed(@Nullable ZooKeeper connected);
    }

    /** Creates an ensemble that is not connected yet. */
    Ensemble(EnsembleConfig config, Duration sessionTimeout, ZooKeeperCounts counts) {
        this.config = config;
        this.servers = config.connectString();
        this.sessionTimeout = sessionTimeout;
        this.connectionTimeout =
                sessionTimeout.compareTo(LONGEST_CONNECTION_TIMEOUT) < 0 ? sessionTimeout : LONGEST_CONNECTION_TIMEOUT;
        this.counts = counts;
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "zookeeper-" + servers);
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    EnsembleConfig config() {
        return config;
    }

    ZooKeeperCounts counts() {
        return counts;
    }

    /** Returns how the servers are believed to tell of changes. Registry thread only. */
    Watching watching() {
        return recursiveWatches ? Watching.RECURSIVE : Watching.ONE_TIME;
    }

    /** Notes that the servers only know watches that fire once. Registry thread only. */
    void useOneTimeWatches() {
        recursiveWatches = false;
    }

    /** Notes that the znode at {@code path} is that of {@code owner}. Registry thread only. */
    void claim(String path, Object owner) {
        claims.putIfAbsent(path, owner);
    }

    /** Takes back what was noted, if it was noted for {@code owner}. Registry thread only. */
    void unclaim(String path, Object owner) {
        claims.remove(path, owner);
    }

    boolean claimedByAnother(String path, Object asking) {
        Object owner = claims.get(path);
        return owner != null && owner != asking;
    }

    /** Queues the start of telling {@code follower} about connections, beginning with the present one. */
    void follow(Follower follower) {
        execute(() -> {
            if (followers.add(follower)) {
                open();
                tell(follower);
            }
        });
    }

    void unfollow(Follower follower) {
        execute(() -> {
            if (followers.remove(follower)) {
                follower.onUnfollowed(client);
            }
        });
    }

    /** Queues {@code task}; tasks run in the order they were given. */
    @Override
    public void execute(Runnable task) {
        schedule(task, Duration.ZERO);
    }

    @Override
    public void schedule(Runnable task, Duration delay) {
        try {
            executor.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("Dropped a task after the ensemble was closed: servers={}", servers, e);
        }
    }

    /** Queues the end of the session. */
    void close() {
        execute(() -> {
            followers.clear();
            client = null;
            if (curator != null) {
                curator.close();
            }
            executor.shutdown();
        });
    }

    private void open() {
        if (curator != null) {
            return;
        }
        try {
            CuratorFramework opened = client();
            curator = opened;
            opened.getConnectionStateListenable().addListener((source, state) -> execute(() -> onState(state)));
            opened.start();
            schedule(this::reportSilence, connectionTimeout);
        } catch (RuntimeException e) {
            log.warn("ZooKeeper cannot be asked: servers={}", servers, e);
            disconnect("hosts: " + servers + " (expected: host:port of each server): " + e.getMessage());
        }
    }

    private CuratorFramework client() {
        CuratorFrameworkFactory.Builder builder = CuratorFrameworkFactory.builder()
                .connectString(servers)
                .sessionTimeoutMs((int) sessionTimeout.toMillis())
                .connectionTimeoutMs((int) connectionTimeout.toMillis())
                .retryPolicy(new RetryNTimes(0, 0))
                // Else the servers that were configured would be replaced by those the ensemble calls itself.
                .ensembleTracker(false)
                .zkClientConfig(ClientSettings.of(config.tls()));
        DigestAuth auth = config.auth();
        if (auth != null) {
            builder.authorization(DigestAuth.SCHEME, auth.proof());
        }
        return builder.build();
    }

    private void onState(ConnectionState state) {
        if (state.isConnected()) {
            connect();
        } else {
            log.warn("ZooKeeper was lost, serving the last endpoints: servers={} state={}", servers, state);
            disconnect(
                    state == ConnectionState.LOST
                            ? "session with " + servers + " expired"
                            : "connection to " + servers + " lost");
        }
    }

    private void connect() {
        if (curator == null) {
            return;
        }
        try {
            client = curator.getZookeeperClient().getZooKeeper();
        } catch (Exception e) {
            // Curator throws what it met earlier, once; a connection that is really gone is announced again.
            log.debug("ZooKeeper's client was not ready: servers={}", servers, e);
            disconnect("client of " + servers + " not ready: " + e.getMessage());
            schedule(this::connectIfStillConnected, CLIENT_RETRY);
            return;
        }
        error = null;
        counts.increment(ZooKeeperCount.SESSIONS);
        log.info("ZooKeeper connected: servers={} session=0x{}", servers, Long.toHexString(client.getSessionId()));
        followers.forEach(this::tell);
    }

    private void connectIfStillConnected() {
        if (client == null && curator != null && curator.getZookeeperClient().isConnected()) {
            connect();
        }
    }

    private void reportSilence() {
        if (client == null && error == null) {
            log.warn("ZooKeeper has not answered yet: servers={}", servers);
            disconnect("no server of " + servers + " answered within " + connectionTimeout.toSeconds() + " s");
        }
    }

    private void disconnect(String reason) {
        counts.increment(ZooKeeperCount.DISCONNECTIONS);
        client = null;
        error = reason;
        followers.forEach(this::tell);
    }

    private void tell(Follower follower) {
        if (client != null) {
            follow(client, connected -> follower.onConnected(connected));
        } else if (error != null) {
            follow(error, reason -> follower.onDisconnected(reason));
        }
    }

    /** One follower that fails harms only itself. */
    private <T> void follow(T news, Consumer<T> follower) {
        run(() -> follower.accept(news));
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("A task of a registry client failed; later ones go on: servers={}", servers, e);
        }
    }
}
