package io.myelin.discovery.zookeeper;

import io.myelin.model.Endpoint;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One endpoint as Nerve announces it: an ephemeral sequential znode that is put back whenever its session is lost.
 *
 * <p>Methods return at once and are safe from any thread.
 */
@OwnedBy(Owner.REGISTRY)
public final class NerveRegistration implements AutoCloseable {
    /*
     * Whatever changes (the wish, the endpoint, the connection) leads to the same step: ask which of our znodes the
     * session holds, and create, rewrite or delete until that is what is wished for. So a creation whose answer was lost
     * with the connection is found again rather than repeated.
     */
    private static final Logger log = LoggerFactory.getLogger(NerveRegistration.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Pattern SEQUENCE = Pattern.compile("-?\\d{10}");

    private final Ensembles ensembles;
    private final Ensemble ensemble;
    private final ZnodePaths paths;
    private final String prefix;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Ensemble.Follower follower = new Connection();
    private Endpoint endpoint;
    private byte[] written = {};
    private boolean wanted;
    private boolean asking;
    private @Nullable ZooKeeper client;
    private CompletableFuture<@Nullable String> settled = new CompletableFuture<>();

    /**
     * Creates a registration that is not announced yet. Its name must be its own among those that share
     * {@code ensembles} and {@code path}.
     *
     * @param servers {@code host:port} of each server of the ensemble, joined by commas
     * @param path the znode of the service, created on demand
     * @param endpoint what is announced; its name, which must not be empty, is the instance id
     */
    public NerveRegistration(Ensembles ensembles, String servers, String path, Endpoint endpoint) {
        if (endpoint.name().isEmpty()) {
            throw new IllegalArgumentException("name: empty (expected: the instance id)");
        }
        this.paths = new ZnodePaths(path);
        this.prefix = paths.child(endpoint.name()) + "_";
        this.endpoint = endpoint;
        this.ensembles = ensembles;
        this.ensemble = ensembles.acquire(servers);
        ensemble.follow(follower);
    }

    /** Queues the announcement; completes with the path of the znode once it exists. */
    public CompletionStage<@Nullable String> announce() {
        return wish(() -> wanted = true);
    }

    /** Queues the announcement of {@code changed}, which rewrites a znode that exists in place. */
    public CompletionStage<@Nullable String> announce(Endpoint changed) {
        return wish(() -> {
            endpoint = changed;
            wanted = true;
        });
    }

    /** Queues the withdrawal; completes with {@code null} once the znode is gone. */
    public CompletionStage<@Nullable String> withdraw() {
        return wish(() -> wanted = false);
    }

    /** Lets go of the connection without withdrawing; the znode lives until its session ends. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            ensemble.unfollow(follower);
            ensembles.release(ensemble);
        }
    }

    private CompletionStage<@Nullable String> wish(Runnable change) {
        CompletableFuture<@Nullable String> result = new CompletableFuture<>();
        ensemble.execute(() -> {
            change.run();
            if (settled.isDone()) {
                settled = new CompletableFuture<>();
            }
            settled.thenAccept(result::complete);
            reconcile();
        });
        return result;
    }

    private void reconcile() {
        ZooKeeper asked = client;
        if (asked != null && !asking) {
            asking = true;
            asked.getEphemerals(prefix, (code, context, found) -> then(asked, () -> onFound(code, found)), null);
        }
    }

    private void onFound(int code, List<String> found) {
        if (failed("list", code) || client == null) {
            return;
        }
        List<String> ours = found.stream()
                .filter(path ->
                        SEQUENCE.matcher(path.substring(prefix.length())).matches())
                .toList();
        byte[] json = NerveCodec.encode(endpoint);
        if (!wanted && !ours.isEmpty()) {
            delete(client, ours.get(0));
        } else if (!wanted) {
            settle(null);
        } else if (ours.isEmpty()) {
            create(client, json);
        } else if (Arrays.equals(json, written)) {
            settle(ours.get(0));
        } else {
            rewrite(client, ours.get(0), json);
        }
    }

    private void create(ZooKeeper asked, byte[] json) {
        paths.create(new ConnectedZnodes(asked));
        asked.create(
                prefix,
                json,
                ZnodePaths.OPEN,
                CreateMode.EPHEMERAL_SEQUENTIAL,
                (int code, String path, Object context, String name) -> then(asked, () -> {
                    if (!failed("create", code)) {
                        log.info("Endpoint announced: znode={} endpoint={}", name, endpoint.address());
                        written = json;
                        lookAgain();
                    }
                }),
                null);
    }

    private void rewrite(ZooKeeper asked, String path, byte[] json) {
        asked.setData(
                path,
                json,
                -1,
                (code, ignoredPath, context, stat) -> then(asked, () -> {
                    if (code == Code.NONODE.intValue() || !failed("rewrite", code)) {
                        written = json;
                        lookAgain();
                    }
                }),
                null);
    }

    private void delete(ZooKeeper asked, String path) {
        asked.delete(
                path,
                -1,
                (code, ignoredPath, context) -> then(asked, () -> {
                    if (code == Code.NONODE.intValue() || !failed("delete", code)) {
                        log.info("Endpoint withdrawn: znode={}", path);
                        lookAgain();
                    }
                }),
                null);
    }

    private void lookAgain() {
        asking = false;
        reconcile();
    }

    private void settle(@Nullable String path) {
        asking = false;
        settled.complete(path);
    }

    private boolean failed(String operation, int code) {
        if (code == Code.OK.intValue()) {
            return false;
        }
        asking = false;
        log.debug("A registration has to be repeated: operation={} prefix={} code={}", operation, prefix, code);
        ensemble.schedule(this::reconcile, PAUSE);
        return true;
    }

    /** Queues {@code step}, which is dropped if the connection it was asked over is gone by then. */
    private void then(ZooKeeper asked, Runnable step) {
        ensemble.execute(() -> {
            if (client == asked) {
                step.run();
            }
        });
    }

    private final class Connection implements Ensemble.Follower {
        @Override
        public void onConnected(ZooKeeper connected) {
            client = connected;
            lookAgain();
        }

        @Override
        public void onDisconnected(String reason) {
            client = null;
        }

        @Override
        public void onUnfollowed(@Nullable ZooKeeper connected) {
            client = null;
        }
    }
}
