package io.myelin.discovery.zookeeper;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration that a znode holds, now and after each change, as long as one connection lasts.
 *
 * <p>A znode that is not there says nothing: what it said before stays in force. One that may not be read is tried
 * again from time to time, and harms no endpoint.
 */
@OwnedBy(Owner.REGISTRY)
final class ConfigFollower implements Watcher {
    private static final Logger log = LoggerFactory.getLogger(ConfigFollower.class);
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final Connection connection;
    private final String path;
    private final Consumer<@Nullable String> outcome;
    private boolean refused;
    private boolean stopped;

    /**
     * Creates a follower that is not started yet.
     *
     * @param outcome told what the znode holds, {@code null} if it is not there
     */
    ConfigFollower(Connection connection, String path, Consumer<@Nullable String> outcome) {
        this.connection = connection;
        this.path = path;
        this.outcome = outcome;
    }

    void start() {
        read();
    }

    /** Makes everything that is still to come void. */
    void stop() {
        stopped = true;
    }

    /** Called on ZooKeeper's event thread. */
    @Override
    public void process(WatchedEvent event) {
        if (event.getType() != Event.EventType.None) {
            then(this::read);
        }
    }

    private void read() {
        connection.counts().increment(ZooKeeperCount.CONFIG_READS);
        connection.znodes().data(path, watcher(), (code, data, stat) -> then(() -> onData(code, data)));
    }

    private void onData(Code code, byte @Nullable [] data) {
        if (code == Code.OK) {
            refused = false;
            outcome.accept(data == null ? "" : new String(data, StandardCharsets.UTF_8));
        } else if (code == Code.NONODE) {
            outcome.accept(null);
            awaitCreation();
        } else if (code != Code.CONNECTIONLOSS && code != Code.SESSIONEXPIRED) {
            refuse(code);
        }
    }

    /** Asks to be told when the znode appears; it may have done so in the meantime. */
    private void awaitCreation() {
        Watcher watcher = watcher();
        if (watcher != null) {
            connection
                    .znodes()
                    .version(
                            path,
                            watcher,
                            (code, stat) -> then(() -> {
                                if (code == Code.OK) {
                                    read();
                                }
                            }));
        }
    }

    private void refuse(Code code) {
        connection.counts().increment(ZooKeeperCount.FAILED_READS);
        if (!refused) {
            log.warn("Configuration of a service cannot be read, the last one stays: znode={} code={}", path, code);
        }
        refused = true;
        if (connection.watching() != Watching.NONE) {
            connection.thread().schedule(this::readUnlessStopped, RETRY);
        }
    }

    private void readUnlessStopped() {
        if (!stopped) {
            read();
        }
    }

    private @Nullable Watcher watcher() {
        return connection.watching() == Watching.NONE ? null : this;
    }

    private void then(Runnable step) {
        connection.thread().execute(() -> {
            if (!stopped) {
                step.run();
            }
        });
    }
}
