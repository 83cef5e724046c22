package io.myelin.discovery.zookeeper;

import io.myelin.discovery.announce.Registration;
import io.myelin.discovery.announce.RegistrationGoal;
import io.myelin.discovery.announce.RegistrationGoal.Request;
import io.myelin.discovery.announce.RegistrationObserver;
import io.myelin.discovery.announce.RegistrationObserver.Answer;
import io.myelin.discovery.announce.RegistrationObserver.Operation;
import io.myelin.discovery.zookeeper.NodeSearch.Found;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.common.PathUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One endpoint as Nerve announces it: a znode that is put back whenever it or its session is lost. */
@OwnedBy(Owner.REGISTRY)
public final class NerveRegistration implements Registration {
    /*
     * Whatever changes (the wish, the endpoint, the connection, the znode) leads to the same step: look which znodes
     * register the endpoint, and create, rewrite or delete until they are what is wished for. So a creation whose answer
     * was lost with the connection is found again rather than repeated, and a persistent znode of an earlier process is
     * taken over. A znode that has to be called otherwise is created before the old one is deleted, so that the endpoint
     * is never missing.
     *
     * Registrations that share a session and a path tell their znodes apart by name, host and port; equal ones, by who
     * came first (Ensemble.claim).
     */
    private static final Logger log = LoggerFactory.getLogger(NerveRegistration.class);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Ensembles ensembles;
    private final Ensemble ensemble;
    private final NodeForm form;
    private final @Nullable Duration ttl;
    private final RegistrationGoal goal;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Ensemble.Follower follower = new Session();
    private final Watcher watcher = this::onEvent;
    private String written = "";
    private boolean asking;
    private boolean renewing;
    private long createdIn;
    private @Nullable String held;
    private @Nullable ZooKeeper client;

    /**
     * Creates a registration in Nerve's usual form that is not announced yet.
     *
     * @param servers {@code host:port} of each server of the ensemble, joined by commas
     * @param path the znode of the service, created on demand
     * @param endpoint what is announced; its name, which must not be empty, is the instance id
     */
    public NerveRegistration(Ensembles ensembles, String servers, String path, Endpoint endpoint) {
        this(
                ensembles,
                ZooKeeperReporterConfig.of(List.of(servers.split(",", -1)), path),
                endpoint,
                RegistrationObserver.NONE);
    }

    NerveRegistration(
            Ensembles ensembles, ZooKeeperReporterConfig config, Endpoint endpoint, RegistrationObserver observer) {
        requireNodeName(endpoint.name());
        this.form = new NodeForm(new ZnodePaths(config.path()), config.nodeType(), config.pathEncoding());
        this.ttl = config.nodeType().ephemeral() ? null : config.ttl();
        this.ensembles = ensembles;
        observer.onClient(ensembles.has(config.ensemble()));
        this.ensemble = ensembles.acquire(config.ensemble());
        this.goal = new RegistrationGoal(endpoint, observer, ensemble, this::reconcile, Clock.SYSTEM);
        ensemble.follow(follower);
    }

    private static void requireNodeName(String instance) {
        try {
            if (!instance.isEmpty() && instance.indexOf('/') < 0) {
                PathUtils.validatePath("/" + instance + "_");
                return;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("instance_id: '" + instance + "' (expected: a name of a znode)", e);
        }
        throw new IllegalArgumentException("instance_id: '" + instance + "' (expected: a text without /)");
    }

    /** Queues the announcement of the endpoint as it was given last. */
    public CompletionStage<@Nullable String> announce() {
        return goal.announceAgain();
    }

    @Override
    public CompletionStage<@Nullable String> announce(Endpoint changed) {
        return goal.announce(changed);
    }

    @Override
    public CompletionStage<@Nullable String> withdraw() {
        return goal.withdraw();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            ensemble.execute(() -> hold(null));
            ensemble.unfollow(follower);
            ensembles.release(ensemble);
        }
    }

    private void reconcile() {
        ZooKeeper asked = client;
        if (asked != null && !asking) {
            asking = true;
            guarded(() -> search(asked));
        }
    }

    private void search(ZooKeeper asked) {
        if (form.type().ephemeral() && form.type().sequential() && createdIn != asked.getSessionId()) {
            decide(asked, List.of());
            return;
        }
        new NodeSearch(asked, form, goal.endpoint(), held, new NodeSearch.Outcome() {
                    @Override
                    public void onFound(List<Found> found) {
                        then(asked, () -> decide(asked, found));
                    }

                    @Override
                    public void onFailed(String operation, int code) {
                        then(asked, () -> failed(operation, code));
                    }
                })
                .start();
    }

    private void decide(ZooKeeper asked, List<Found> all) {
        List<Found> found = all.stream()
                .filter(node -> !ensemble.claimedByAnother(node.path(), this))
                .toList();
        Found fit = found.stream()
                .filter(node -> form.named(node.path(), goal.endpoint()))
                .filter(node -> form.suits(node.stat(), asked.getSessionId()))
                .findFirst()
                .orElse(null);
        if (!goal.wanted()) {
            withdraw(asked, found);
        } else if (fit == null && hinders(found)) {
            delete(asked, found.get(0).path());
        } else if (fit == null) {
            create(asked);
        } else if (!upToDate(fit)) {
            rewrite(asked, fit.path());
        } else if (found.size() > 1) {
            delete(
                    asked,
                    found.stream()
                            .map(Found::path)
                            .filter(path -> !path.equals(fit.path()))
                            .findFirst()
                            .orElseThrow());
        } else {
            settle(asked, fit.path());
        }
    }

    private void withdraw(ZooKeeper asked, List<Found> found) {
        if (found.isEmpty()) {
            hold(null);
            settle(asked, null);
        } else {
            delete(asked, found.get(0).path());
        }
    }

    /** Returns whether a znode of another kind or session has the only name that the registration may have. */
    private boolean hinders(List<Found> found) {
        return !form.type().sequential()
                && found.stream().anyMatch(node -> node.path().equals(form.prefix(goal.endpoint())));
    }

    /** Data that somebody else wrote since stay as they are, such as a weight that an operator edited in place. */
    private boolean upToDate(Found node) {
        return goal.json().equals(node.path().equals(held) ? written : node.text());
    }

    private void create(ZooKeeper asked) {
        String json = goal.json();
        Request request = goal.ask(Operation.CREATE);
        createdIn = asked.getSessionId();
        form.paths().create(new ConnectedZnodes(asked));
        asked.create(
                form.prefix(goal.endpoint()),
                bytes(json),
                ZnodePaths.OPEN,
                form.type().mode(),
                (int code, String path, Object context, String name) -> {
                    request.answered(answer(code));
                    then(asked, () -> {
                        if (!failed("create", code)) {
                            log.info(
                                    "Endpoint announced: znode={} endpoint={}",
                                    name,
                                    goal.endpoint().address());
                            hold(name);
                            written = json;
                            lookAgain();
                        }
                    });
                },
                null);
    }

    private void rewrite(ZooKeeper asked, String path) {
        String json = goal.json();
        Request request = goal.ask(Operation.SAVE);
        asked.setData(
                path,
                bytes(json),
                -1,
                (code, ignoredPath, context, stat) -> {
                    request.answered(answer(code));
                    then(asked, () -> {
                        if (code == Code.NONODE.intValue()) {
                            lookAgain();
                        } else if (!failed("rewrite", code)) {
                            hold(path);
                            written = json;
                            lookAgain();
                        }
                    });
                },
                null);
    }

    private void delete(ZooKeeper asked, String path) {
        Request request = goal.ask(Operation.DELETE);
        asked.delete(
                path,
                -1,
                (code, ignoredPath, context) -> {
                    request.answered(answer(code));
                    then(asked, () -> {
                        if (code == Code.NONODE.intValue() || !failed("delete", code)) {
                            log.info("Endpoint withdrawn: znode={}", path);
                            lookAgain();
                        }
                    });
                },
                null);
    }

    private void lookAgain() {
        asking = false;
        reconcile();
    }

    private void settle(ZooKeeper asked, @Nullable String path) {
        asking = false;
        if (path != null) {
            if (!path.equals(held)) {
                hold(path);
                written = goal.json();
            }
            watch(asked, path);
            renewLater();
        }
        goal.reach(path);
    }

    private void hold(@Nullable String path) {
        if (held != null) {
            ensemble.unclaim(held, this);
        }
        held = path;
        if (path != null) {
            ensemble.claim(path, this);
        }
    }

    private boolean failed(String operation, int code) {
        if (code == Code.OK.intValue()) {
            return false;
        }
        tryAgain(operation + " " + form.prefix(goal.endpoint()) + ": " + Code.get(code));
        return true;
    }

    private void tryAgain(String error) {
        asking = false;
        log.debug("A registration has to be repeated: {}", error);
        goal.miss(error);
        ensemble.schedule(this::reconcile, PAUSE);
    }

    /** What the client refuses without asking, such as a path that no znode can have, is a failure like any other. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            tryAgain(form.paths().parent() + ": " + e);
        }
    }

    /** Asks to be told when the znode is gone; somebody may delete it by mistake. */
    private void watch(ZooKeeper asked, String path) {
        asked.exists(
                path,
                watcher,
                (code, ignoredPath, context, stat) -> then(asked, () -> {
                    if (code == Code.NONODE.intValue()) {
                        lookAgainUnlessAsking();
                    }
                }),
                null);
    }

    private void onEvent(WatchedEvent event) {
        ZooKeeper asked = client;
        if (asked != null && event.getType() != EventType.None) {
            then(asked, () -> {
                if (event.getType() == EventType.NodeDeleted) {
                    lookAgainUnlessAsking();
                } else if (event.getPath().equals(held)) {
                    watch(asked, event.getPath());
                }
            });
        }
    }

    private void lookAgainUnlessAsking() {
        if (goal.wanted()) {
            reconcile();
        }
    }

    private void renewLater() {
        if (ttl != null && !renewing) {
            renewing = true;
            ensemble.schedule(this::renew, ttl.dividedBy(2));
        }
    }

    /** Writes the data that are there once more, for the sake of the time of the write. */
    private void renew() {
        renewing = false;
        ZooKeeper asked = client;
        if (closed.get() || !goal.wanted()) {
            return;
        }
        if (asked != null && held != null && !asking) {
            Request request = goal.ask(Operation.RENEW);
            asked.setData(
                    held,
                    bytes(written),
                    -1,
                    (code, path, context, stat) -> {
                        request.answered(answer(code));
                        then(asked, () -> {
                            if (code == Code.NONODE.intValue()) {
                                lookAgainUnlessAsking();
                            }
                        });
                    },
                    null);
        }
        renewLater();
    }

    private static Answer answer(int code) {
        if (code == Code.OK.intValue()) {
            return Answer.DONE;
        }
        return code == Code.NONODE.intValue() ? Answer.GONE : Answer.FAILED;
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** Queues {@code step}, which is dropped if the connection it was asked over is gone by then. */
    private void then(ZooKeeper asked, Runnable step) {
        ensemble.execute(() -> {
            if (client == asked) {
                guarded(step);
            }
        });
    }

    private final class Session implements Ensemble.Follower {
        @Override
        public void onConnected(ZooKeeper connected) {
            client = connected;
            lookAgain();
        }

        @Override
        public void onDisconnected(String reason) {
            client = null;
            goal.miss(reason);
        }

        @Override
        public void onUnfollowed(@Nullable ZooKeeper connected) {
            client = null;
        }
    }
}
