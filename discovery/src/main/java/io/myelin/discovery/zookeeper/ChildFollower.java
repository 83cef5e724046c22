package io.myelin.discovery.zookeeper;

import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a {@link ChildTable} equal to the registry over one connection, with as few reads as that takes. */
@OwnedBy(Owner.REGISTRY)
final class ChildFollower implements Watcher {
    /*
     * One persistent recursive watch tells of every child that is created, changed or deleted from now on. It replays
     * nothing that happened while there was no connection, so each connection begins with one list of the children and
     * the version (not the data) of each that is known; a child whose version is the known one is not read. From then on
     * an event costs the read of the one child it names, and a deletion costs nothing.
     *
     * The watch is set before the list is asked for, and both answers come in order with the events. Events that
     * overtake the list are kept and applied on top of it: the last event about a name always tells its final state,
     * so it does no harm if the list knew of it already.
     *
     * Servers before 3.6 refuse that watch. There, every list, version and read leaves a watch that fires once: the list is
     * asked for again after each change, but known children are still not read again.
     *
     * A set is delivered when no read is under way. While registrations keep coming, it is delivered at least every
     * MAX_DELAY, but never before the first round of a connection is complete.
     */
    private static final Logger log = LoggerFactory.getLogger(ChildFollower.class);
    private static final long MAX_DELAY_NANOS = Duration.ofMillis(50).toNanos();

    private final ZooKeeper client;
    private final Ensemble ensemble;
    private final ChildTable table;
    private final Clock clock;
    private final Outcome outcome;
    private final List<WatchedEvent> early = new ArrayList<>();
    private boolean listed;
    private boolean verified;
    private boolean complete;
    private boolean stopped;
    private boolean settlementQueued;
    private int outstanding;
    private @Nullable Long waitingSinceNanos;

    /** What becomes of following; called on the registry thread, never after {@link #stop}. */
    interface Outcome {
        /** The table is what the registry holds. */
        void onSynced();

        /** Following has ended. */
        void onFailed(String error);
    }

    ChildFollower(ZooKeeper client, Ensemble ensemble, ChildTable table, Clock clock, Outcome outcome) {
        this.client = client;
        this.ensemble = ensemble;
        this.table = table;
        this.clock = clock;
        this.outcome = outcome;
    }

    void start() {
        table.children().forEach(Child::abandonRead);
        if (ensemble.recursiveWatches()) {
            client.addWatch(
                    table.paths().parent(),
                    this,
                    AddWatchMode.PERSISTENT_RECURSIVE,
                    (code, path, context) -> then(() -> onWatch(Code.get(code))),
                    null);
        }
        list();
    }

    /** Makes everything that is still to come void. */
    void stop() {
        stopped = true;
    }

    /** Asks the server not to tell of changes any more. */
    void unwatch() {
        if (!ensemble.recursiveWatches()) {
            return;
        }
        client.removeWatches(
                table.paths().parent(),
                this,
                WatcherType.Any,
                true,
                (code, path, context) -> log.debug("Watch removed: path={} code={}", path, Code.get(code)),
                null);
    }

    /** Called on ZooKeeper's event thread. */
    @Override
    public void process(WatchedEvent event) {
        if (event.getType() != Event.EventType.None) {
            then(() -> onEvent(event));
        }
    }

    private void onWatch(Code code) {
        if (code == Code.UNIMPLEMENTED) {
            ensemble.useOneTimeWatches();
        }
        if (code != Code.OK) {
            fail("watch", code);
        }
    }

    private void list() {
        listed = false;
        count(ZooKeeperCount.CHILD_LISTS);
        client.getChildren(
                table.paths().parent(),
                oneTimeWatch(),
                (code, path, context, names, stat) -> then(() -> onList(Code.get(code), names, stat)),
                null);
    }

    private void onList(Code code, List<String> names, Stat stat) {
        if (code == Code.OK) {
            table.seen(stat.getPzxid());
            table.retain(Set.copyOf(names));
            if (!verified) {
                table.children().forEach(this::verify);
            }
            names.forEach(this::discover);
        } else if (code == Code.NONODE) {
            table.retain(Set.of());
            table.paths().create(client);
            watchForParent();
        } else {
            fail("list", code);
            return;
        }
        verified = true;
        listed = true;
        early.forEach(this::onEvent);
        early.clear();
        queueSettlement();
    }

    private void onEvent(WatchedEvent event) {
        String name = table.paths().nameOf(event.getPath());
        if (name == null) {
            if (listed && !ensemble.recursiveWatches()) {
                list();
            }
            return;
        }
        if (!listed) {
            early.add(event);
            return;
        }
        table.seen(event.getZxid());
        Child known = table.find(name);
        if (event.getType() == Event.EventType.NodeDeleted) {
            table.remove(name);
        } else if (known == null) {
            discover(name);
        } else if (event.getType() == Event.EventType.NodeDataChanged && known.changedAt(event.getZxid())) {
            read(known);
        }
        queueSettlement();
    }

    /** Makes sure that a parent which is missing now is noticed; a recursive watch needs no help. */
    private void watchForParent() {
        if (!ensemble.recursiveWatches()) {
            client.exists(
                    table.paths().parent(),
                    this,
                    (code, path, context, stat) -> then(() -> {
                        if (code == Code.OK.intValue() && listed) {
                            list();
                        }
                    }),
                    null);
        }
    }

    private @Nullable Watcher oneTimeWatch() {
        return ensemble.recursiveWatches() ? null : this;
    }

    private void discover(String name) {
        if (table.find(name) == null) {
            Child child = table.add(name);
            if (!child.encoded()) {
                read(child);
            }
        }
    }

    /** Finds out whether a child that was known before the connection has changed. */
    private void verify(Child child) {
        if (child.encoded()) {
            return;
        }
        if (!child.everRead()) {
            read(child);
            return;
        }
        count(ZooKeeperCount.STATS);
        outstanding++;
        client.exists(
                table.paths().child(child.name()),
                oneTimeWatch(),
                (code, path, context, stat) -> then(() -> onVersion(child, Code.get(code), stat)),
                null);
    }

    private void onVersion(Child child, Code code, Stat stat) {
        outstanding--;
        if (code == Code.OK) {
            if (table.find(child.name()) == child && child.differsFrom(stat.getMzxid())) {
                read(child);
            }
        } else if (code == Code.NONODE) {
            forget(child);
        } else {
            fail("version", code);
            return;
        }
        queueSettlement();
    }

    private void read(Child child) {
        child.beginRead();
        count(ZooKeeperCount.DATA_READS);
        outstanding++;
        client.getData(
                table.paths().child(child.name()),
                oneTimeWatch(),
                (code, path, context, data, stat) -> then(() -> onData(child, Code.get(code), data, stat)),
                null);
    }

    private void onData(Child child, Code code, byte @Nullable [] data, Stat stat) {
        outstanding--;
        if (code == Code.OK) {
            boolean changedAgain = child.endRead(stat.getMzxid());
            table.seen(stat.getMzxid());
            table.describe(child, data);
            if (changedAgain && table.find(child.name()) == child) {
                read(child);
            }
        } else if (code == Code.NONODE) {
            forget(child);
        } else if (code == Code.NOAUTH) {
            child.abandonRead();
            table.reject(child, "not readable");
        } else {
            fail("data", code);
            return;
        }
        queueSettlement();
    }

    /** Removes a child that vanished before it could be read, unless its name has been registered again since. */
    private void forget(Child child) {
        if (table.find(child.name()) == child) {
            table.remove(child.name());
        }
    }

    private void queueSettlement() {
        if (!settlementQueued) {
            settlementQueued = true;
            then(this::settle);
        }
    }

    private void settle() {
        settlementQueued = false;
        if (outstanding > 0) {
            if (complete && overdue()) {
                deliver();
            }
            return;
        }
        complete = true;
        deliver();
        outcome.onSynced();
    }

    private boolean overdue() {
        long now = clock.nanoTime();
        if (waitingSinceNanos == null) {
            waitingSinceNanos = now;
        }
        return now - waitingSinceNanos > MAX_DELAY_NANOS;
    }

    private void deliver() {
        waitingSinceNanos = null;
        table.deliver();
    }

    private void fail(String operation, Code code) {
        if (code != Code.CONNECTIONLOSS && code != Code.SESSIONEXPIRED) {
            count(ZooKeeperCount.FAILED_READS);
            log.warn(
                    "ZooKeeper refused, trying again: operation={} path={} code={}",
                    operation,
                    table.paths().parent(),
                    code);
        }
        stop();
        outcome.onFailed(operation + " of " + table.paths().parent() + ": " + code);
    }

    private void count(ZooKeeperCount count) {
        ensemble.counts().increment(count);
    }

    /** Queues {@code step} on the registry thread, where it is dropped if following has ended by then. */
    private void then(Runnable step) {
        ensemble.execute(() -> {
            if (!stopped) {
                step.run();
            }
        });
    }
}
