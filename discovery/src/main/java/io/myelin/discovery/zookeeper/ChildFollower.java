package io.myelin.discovery.zookeeper;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
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
     * overtake the list, or that the pacer holds back, are kept and applied on top: the last event about a name always
     * tells its final state, so it does no harm if the list knew of it already, and a child that came, changed and went
     * in the meantime costs nothing.
     *
     * Servers before 3.6 refuse that watch. There, every list, version and read leaves a watch that fires once: the list is
     * asked for again after each change, but known children are still not read again.
     *
     * A set is delivered when no read is under way. While registrations keep coming, it is delivered at least every
     * MAX_DELAY, but never before the first round of a connection is complete.
     */
    private static final Logger log = LoggerFactory.getLogger(ChildFollower.class);
    private static final long MAX_DELAY_NANOS = Duration.ofMillis(50).toNanos();

    private final Connection connection;
    private final ChildTable table;
    private final Pacer pacer;
    private final Outcome outcome;
    private final Map<String, WatchedEvent> pending = new LinkedHashMap<>();
    private boolean listWanted;
    private boolean listed;
    private boolean verified;
    private boolean complete;
    private boolean stopped;
    private boolean roundScheduled;
    private boolean settlementQueued;
    private int outstanding;
    private @Nullable Long waitingSinceNanos;

    /** What becomes of following; called on the registry thread, never after {@link #stop}. */
    interface Outcome {
        /** The table is what the registry holds. */
        void onSynced();

        /** The servers know only watches that fire once; following ends next. */
        void onOldServers();

        /** Following has ended. */
        void onFailed(String error);
    }

    ChildFollower(Connection connection, ChildTable table, Pacer pacer, Outcome outcome) {
        this.connection = connection;
        this.table = table;
        this.pacer = pacer;
        this.outcome = outcome;
    }

    void start() {
        table.children().forEach(Child::abandonRead);
        if (recursive()) {
            connection.znodes().watchTree(parent(), this, code -> then(() -> onWatch(code)));
        }
        list();
    }

    /** Makes everything that is still to come void. */
    void stop() {
        stopped = true;
    }

    /** Asks the server not to tell of changes any more. */
    void unwatch() {
        if (recursive()) {
            connection.znodes().unwatchTree(parent(), this);
        }
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
            outcome.onOldServers();
        }
        if (code != Code.OK) {
            fail("watch", code);
        }
    }

    private void list() {
        listed = false;
        listWanted = false;
        count(ZooKeeperCount.CHILD_LISTS);
        connection
                .znodes()
                .names(parent(), oneTimeWatch(), (code, names, stat) -> then(() -> onList(code, names, stat)));
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
            awaitParent();
        } else {
            fail("list", code);
            return;
        }
        verified = true;
        listed = true;
        takeUpPending();
        queueSettlement();
    }

    private void onEvent(WatchedEvent event) {
        String name = table.paths().nameOf(event.getPath());
        if (name != null) {
            pending.put(name, event);
        } else if (recursive()) {
            return;
        } else {
            listWanted = true;
        }
        beginRound();
    }

    /** Takes up what has happened, now or when the pacer allows it; the answer to a list takes it up anyway. */
    private void beginRound() {
        if (!listed || roundScheduled) {
            return;
        }
        Duration wait = pacer.untilNext();
        if (wait.isZero()) {
            round();
            return;
        }
        roundScheduled = true;
        connection.thread().schedule(this::scheduledRound, wait);
    }

    private void scheduledRound() {
        roundScheduled = false;
        if (!stopped && listed) {
            round();
        }
    }

    private void round() {
        pacer.begin();
        if (listWanted) {
            list();
        } else {
            takeUpPending();
            queueSettlement();
        }
    }

    private void takeUpPending() {
        pending.forEach(this::takeUp);
        pending.clear();
    }

    /** Takes up the last that happened to a child; whatever came before it makes no difference any more. */
    private void takeUp(String name, WatchedEvent last) {
        table.seen(last.getZxid());
        Child known = table.find(name);
        if (last.getType() == Event.EventType.NodeDeleted) {
            table.remove(name);
        } else if (known == null) {
            discover(name);
        } else if (known.changedAt(last.getZxid())) {
            read(known);
        }
    }

    /** Asks for a parent that is missing and makes sure that it is noticed; a recursive watch needs no help. */
    private void awaitParent() {
        if (connection.watching() == Watching.NONE) {
            return;
        }
        table.paths().create(connection.znodes());
        if (!recursive()) {
            connection
                    .znodes()
                    .version(
                            parent(),
                            this,
                            (code, stat) -> then(() -> {
                                if (code == Code.OK && listed) {
                                    list();
                                }
                            }));
        }
    }

    private @Nullable Watcher oneTimeWatch() {
        return connection.watching() == Watching.ONE_TIME ? this : null;
    }

    private boolean recursive() {
        return connection.watching() == Watching.RECURSIVE;
    }

    private String parent() {
        return table.paths().parent();
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
        connection
                .znodes()
                .version(
                        table.paths().child(child.name()),
                        oneTimeWatch(),
                        (code, stat) -> then(() -> onVersion(child, code, stat)));
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
        connection
                .znodes()
                .data(
                        table.paths().child(child.name()),
                        oneTimeWatch(),
                        (code, data, stat) -> then(() -> onData(child, code, data, stat)));
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
        long now = connection.clock().nanoTime();
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
            log.warn("ZooKeeper refused, trying again: operation={} path={} code={}", operation, parent(), code);
        }
        stop();
        outcome.onFailed(operation + " of " + parent() + ": " + code);
    }

    private void count(ZooKeeperCount count) {
        connection.counts().increment(count);
    }

    /** Queues {@code step} on the registry thread, where it is dropped if following has ended by then. */
    private void then(Runnable step) {
        connection.thread().execute(() -> {
            if (!stopped) {
                step.run();
            }
        });
    }
}
