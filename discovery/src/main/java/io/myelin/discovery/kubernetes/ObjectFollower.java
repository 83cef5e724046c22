package io.myelin.discovery.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.fetch.Follower;
import io.myelin.discovery.fetch.HttpAnswer;
import io.myelin.discovery.fetch.HttpCall;
import io.myelin.discovery.fetch.HttpFetcher;
import io.myelin.discovery.polling.BackOff;
import io.myelin.discovery.polling.Foreign;
import io.myelin.discovery.polling.PollException;
import io.myelin.discovery.polling.Totals;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows objects of Kubernetes for any number of listeners: lists them, then watches from where the list ended.
 *
 * <p>It never gives up. Whatever fails is tried again after a pause, and what is known stays known meanwhile.
 */
@OwnedBy(Owner.REGISTRY)
final class ObjectFollower {
    /*
     * kubernetes.io/docs/reference/using-api/api-concepts: a list comes in pages of "limit" objects, each with a
     * "continue" for the next one, and says its resourceVersion; a watch from there brings every change since, a line
     * each, until the server ends it after "timeoutSeconds". Objects and BOOKMARKs say from where the next watch can go
     * on. Where that is too old there is 410, as the status of a request or as an event ERROR: everything is listed
     * anew, in one page if it was a page that was too old. A watch that fails with any other status is not tried again
     * from the same version either, since a restored store may not have come to it yet.
     */
    private static final Logger log = LoggerFactory.getLogger(ObjectFollower.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int GONE = 410;
    /** More than etcd takes for an object. */
    private static final int LONGEST_LINE = 4 << 20;

    private static final int LEAST_PERCENT_OF_WATCH = 50;
    /** Hosts whose watches a server ends together do not come back together, and miss nothing for long. */
    private static final Duration AFTER_AN_END = Duration.ofMillis(100);

    private final FollowedObjects followed;
    private final ApiAccess access;
    private final Means means;
    private final BackOff backOff;
    private final Set<ObjectsListener> listeners = new LinkedHashSet<>();
    private ObjectTable table;
    /** From where a watch goes on, empty if everything has to be listed. */
    private String version = "";
    /** Where that was listed: elsewhere it means nothing. */
    private String listedAt = "";

    private boolean paged = true;
    private boolean listed;
    private String lost = "";
    private @Nullable Watch watch;
    private @Nullable Future<?> timer;
    private boolean told;
    private boolean closed;

    /**
     * What all followers share.
     *
     * @param loop where they live
     * @param fetcher asks
     * @param totals what they count
     * @param clock measures how long watches were there
     * @param random keeps hosts from asking at the same moment
     */
    record Means(
            RegistryLoop loop,
            HttpFetcher fetcher,
            Totals<KubernetesCount> totals,
            Clock clock,
            RandomSource random,
            Timing timing) {}

    ObjectFollower(FollowedObjects followed, ApiAccess access, Means means) {
        this.followed = followed;
        this.access = access;
        this.means = means;
        this.table = new ObjectTable(followed.resource());
        this.backOff = new BackOff(means.timing().firstPause(), means.timing().longestPause(), means.random());
    }

    /** Tells {@code listener} what is known already, and of everything that comes; the first one begins it. */
    void add(ObjectsListener listener) {
        listeners.add(listener);
        if (listeners.size() == 1) {
            list();
            return;
        }
        if (listed) {
            listener.onObjects(table.objects(), table.problem(), version);
        }
        if (!lost.isEmpty()) {
            listener.onLost(lost);
        }
    }

    /** Returns whether nobody listens any more, which ends it. */
    boolean remove(ObjectsListener listener) {
        listeners.remove(listener);
        if (listeners.isEmpty()) {
            closed = true;
            cancelTimer();
            endWatch();
        }
        return closed;
    }

    private void go() {
        if (version.isEmpty()) {
            list();
        } else {
            watch();
        }
    }

    private void goAfter(Duration pause) {
        cancelTimer();
        timer = means.loop().schedule(this::go, pause);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void list() {
        ApiServer server;
        try {
            server = access.open();
        } catch (PollException e) {
            fail(String.valueOf(e.getMessage()));
            return;
        }
        page(server, followed.path(server), "", new ObjectTable(followed.resource()));
    }

    private void page(ApiServer server, String path, String next, ObjectTable into) {
        means.totals().increment(KubernetesCount.LISTS);
        String limit = paged ? "&limit=" + means.timing().pageObjects() : "";
        String more = next.isEmpty() ? "" : "&continue=" + FollowedObjects.encoded(next);
        means.fetcher()
                .send(server.origin(), call(server, path + limit + more), server.tls())
                .whenComplete((answer, failure) -> {
                    if (!closed) {
                        onPage(server, path, into, answer, failure);
                    }
                });
    }

    private void onPage(
            ApiServer server, String path, ObjectTable into, @Nullable HttpAnswer answer, @Nullable Throwable failure) {
        if (answer == null) {
            paged = true;
            fail(reason(failure));
        } else if (answer.status() == GONE) {
            paged = false;
            expire();
        } else if (!answer.ok()) {
            fail(server + ": " + refusal(answer));
        } else {
            try {
                ObjectPage page = ObjectPage.read(answer.body(), object -> into.put(object, table));
                if (page.next().isEmpty()) {
                    onListed(server + path, page.version(), into);
                } else {
                    page(server, path, page.next(), into);
                }
            } catch (IOException e) {
                log.debug("A list of Kubernetes cannot be read: {}", this, e);
                fail(server + path + ": no list (expected: JSON with items and metadata.resourceVersion)");
            }
        }
    }

    private void onListed(String at, String atVersion, ObjectTable read) {
        table = read;
        version = atVersion;
        listedAt = at;
        paged = true;
        listed = true;
        reached();
        watch();
    }

    private void watch() {
        ApiServer server;
        try {
            server = access.open();
        } catch (PollException e) {
            fail(String.valueOf(e.getMessage()));
            return;
        }
        String path = followed.path(server);
        if (!listedAt.equals(server + path)) {
            version = "";
            list();
            return;
        }
        Duration time = BackOff.spread(means.timing().watch(), LEAST_PERCENT_OF_WATCH, means.random());
        means.totals().increment(KubernetesCount.WATCHES);
        Watch begun = new Watch();
        watch = begun;
        begun.open(
                server,
                path + "&watch=true&allowWatchBookmarks=true&timeoutSeconds=" + Math.max(1, time.toSeconds())
                        + "&resourceVersion=" + FollowedObjects.encoded(version));
    }

    private void endWatch() {
        if (watch != null) {
            watch.end();
            watch = null;
        }
    }

    private static HttpCall call(ApiServer server, String path) {
        HttpCall call = HttpCall.getJson(path);
        return server.authorization().isEmpty() ? call : call.with("Authorization", server.authorization());
    }

    /** Everything has to be listed: at once, unless that was so just now. */
    private void expire() {
        means.totals().increment(KubernetesCount.EXPIRATIONS);
        version = "";
        Duration pause = backOff.next().minus(means.timing().firstPause());
        goAfter(pause.isNegative() ? Duration.ZERO : pause);
    }

    private void fail(String reason) {
        if (closed) {
            return;
        }
        means.totals().increment(KubernetesCount.FAILED_REQUESTS);
        if (lost.isEmpty()) {
            log.warn("Kubernetes cannot be followed, serving the last endpoints: {} reason={}", this, reason);
        }
        lost = reason;
        List.copyOf(listeners).forEach(listener -> listener.onLost(reason));
        goAfter(backOff.next());
    }

    /** What is known is what the server says. */
    private void reached() {
        if (!lost.isEmpty()) {
            log.info("Kubernetes answers again: {}", this);
        }
        lost = "";
        tell();
    }

    /** Tells listeners of what is known, once for all that comes together. */
    private void tell() {
        means.totals().add(KubernetesCount.IGNORED_ENTRIES, table.takeIgnored());
        table.takeTruncated().forEach(this::warnOfTruncation);
        if (!told) {
            told = true;
            means.loop().execute(() -> {
                told = false;
                if (lost.isEmpty()) {
                    List.copyOf(listeners)
                            .forEach(listener -> listener.onObjects(table.objects(), table.problem(), version));
                }
            });
        }
    }

    private void warnOfTruncation(String name) {
        means.totals().increment(KubernetesCount.TRUNCATIONS);
        log.warn(
                "Kubernetes tells 1,000 addresses only, further ones get no traffic (expected: resource:"
                        + " endpoint_slices, which have all): {} endpoints={}",
                this,
                name);
    }

    private static String reason(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof PollException ? String.valueOf(cause.getMessage()) : String.valueOf(cause);
    }

    /** Returns what a server says that does not answer as it should. */
    private static String refusal(HttpAnswer answer) {
        String message = "";
        try {
            message = JSON.readTree(new String(answer.body(), UTF_8))
                    .path("message")
                    .asText("");
        } catch (JsonProcessingException ignored) {
            // Not every refusal comes from Kubernetes itself; its status says enough.
        }
        return Foreign.line("status " + answer.status() + (message.isEmpty() ? " (expected: 200)" : " " + message));
    }

    @Override
    public String toString() {
        return followed.toString();
    }

    /** One watch, from asking for it to its end. */
    @OwnedBy(Owner.REGISTRY)
    private final class Watch implements Follower {
        private @Nullable Runnable connection;
        private @Nullable Future<?> deadline;
        private long heardNanos;
        private long openedNanos;
        private boolean open;
        private boolean heard;
        private boolean ended;

        void open(ApiServer server, String path) {
            deadline = means.loop().schedule(this::onLate, means.timing().answer());
            Runnable begun =
                    means.fetcher().follow(server.origin(), call(server, path), server.tls(), this, LONGEST_LINE);
            if (ended) {
                begun.run();
            } else {
                connection = begun;
            }
        }

        /** Ends it without a word. */
        void end() {
            ended = true;
            if (deadline != null) {
                deadline.cancel(false);
            }
            if (connection != null) {
                connection.run();
            }
        }

        @Override
        public void onOpen() {
            open = true;
            openedNanos = means.clock().nanoTime();
            heardNanos = openedNanos;
            listenUntilSilent();
            reached();
        }

        @Override
        public void onRefused(int status) {
            end();
            if (status == GONE) {
                expire();
            } else {
                version = "";
                fail("a watch: status " + status + " (expected: 200)");
            }
        }

        @Override
        public void onLine(String line) {
            heardNanos = means.clock().nanoTime();
            try {
                on(WatchEvent.parse(line));
            } catch (MalformedObjectException e) {
                end();
                version = "";
                fail(String.valueOf(e.getMessage()));
            }
        }

        @Override
        public void onEnd(String reason) {
            long nanos = open ? means.clock().nanoTime() - openedNanos : 0;
            end();
            if (heard || nanos > means.timing().longestPause().toNanos()) {
                backOff.reset();
                boolean brief = nanos < means.timing().firstPause().toNanos();
                goAfter(brief ? backOff.next() : BackOff.spread(AFTER_AN_END, 0, means.random()));
                return;
            }
            if (open) {
                // What ended it may be in the way again.
                version = "";
            }
            fail("a watch: " + reason);
        }

        private void on(WatchEvent event) throws MalformedObjectException {
            if (event.concernsAnObject() && ObjectReader.nameOf(event.object()).isEmpty()) {
                throw new MalformedObjectException("a watch brought an object without name (expected: metadata.name)");
            }
            switch (event.kind()) {
                case ERROR -> {
                    end();
                    onError(event);
                    return;
                }
                case ADDED, MODIFIED -> table.put(event.object(), table);
                case DELETED -> table.remove(ObjectReader.nameOf(event.object()));
                case BOOKMARK -> {
                    // Only its version counts.
                }
            }
            heard = true;
            backOff.reset();
            if (!event.version().isEmpty()) {
                version = event.version();
            }
            if (event.kind() != WatchEvent.Kind.BOOKMARK) {
                means.totals().increment(KubernetesCount.EVENTS);
            }
            tell();
        }

        private void onError(WatchEvent event) {
            if (event.code() == GONE) {
                expire();
            } else {
                version = "";
                fail(Foreign.line("a watch: " + event.message()));
            }
        }

        private void onLate() {
            end();
            fail("a watch: no answer in " + means.timing().answer().toMillis() + " ms");
        }

        /** A connection that says nothing may be one that nobody is at the other end of. */
        private void listenUntilSilent() {
            if (deadline != null) {
                deadline.cancel(false);
            }
            long left = means.timing().silence().toNanos() - (means.clock().nanoTime() - heardNanos);
            if (left > 0) {
                deadline = means.loop().schedule(this::listenUntilSilent, Duration.ofNanos(left));
                return;
            }
            end();
            log.debug("A watch of Kubernetes has been silent, another takes its place: {}", ObjectFollower.this);
            watch();
        }
    }
}
