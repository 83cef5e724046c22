package io.myelin.discovery.zookeeper;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * The children of one znode in virtual time: every answer and every event takes a millisecond, and requests are counted
 * by the second they are made in.
 */
final class SimulatedEnsemble implements Znodes {
    private static final Duration LATENCY = Duration.ofMillis(1);

    private final VirtualTime time;
    private final String parent;
    private final Map<String, Child> children = new TreeMap<>();
    private final List<Watcher> watchers = new ArrayList<>();
    private final NavigableMap<Long, Integer> readsBySecond = new TreeMap<>();
    private long zxid = 1;
    private long reads;
    private long lists;

    private record Child(String data, long changed) {
        Stat stat() {
            Stat stat = new Stat();
            stat.setMzxid(changed);
            return stat;
        }
    }

    SimulatedEnsemble(VirtualTime time, String parent) {
        this.time = time;
        this.parent = parent;
    }

    /** Creates or changes a child and tells everyone who watches. */
    void put(String name, String data) {
        EventType type = children.containsKey(name) ? EventType.NodeDataChanged : EventType.NodeCreated;
        children.put(name, new Child(data, ++zxid));
        tell(type, name);
    }

    void delete(String name) {
        zxid++;
        children.remove(name);
        tell(EventType.NodeDeleted, name);
    }

    /** Returns how many times data was asked for. */
    long reads() {
        return reads;
    }

    /** Returns how many times names were asked for. */
    long lists() {
        return lists;
    }

    /** Returns the largest number of reads in one second that begins after {@code from}. */
    int mostReadsInASecondAfter(Duration from) {
        return readsBySecond.tailMap(from.toSeconds(), false).values().stream()
                .max(Integer::compare)
                .orElse(0);
    }

    @Override
    public void watchTree(String path, Watcher watcher, Consumer<Code> done) {
        watchers.add(watcher);
        time.schedule(() -> done.accept(Code.OK), LATENCY);
    }

    @Override
    public void unwatchTree(String path, Watcher watcher) {
        watchers.remove(watcher);
    }

    @Override
    public void names(String path, @Nullable Watcher watcher, OnNames done) {
        lists++;
        List<String> names = List.copyOf(children.keySet());
        Stat stat = new Stat();
        stat.setPzxid(zxid);
        time.schedule(() -> done.answer(Code.OK, names, stat), LATENCY);
    }

    @Override
    public void version(String path, @Nullable Watcher watcher, OnVersion done) {
        Child child = at(path);
        Stat stat = child == null ? new Stat() : child.stat();
        time.schedule(() -> done.answer(child == null ? Code.NONODE : Code.OK, stat), LATENCY);
    }

    @Override
    public void data(String path, @Nullable Watcher watcher, OnContent done) {
        reads++;
        readsBySecond.merge(Duration.ofNanos(time.nanoTime()).toSeconds(), 1, Integer::sum);
        Child child = at(path);
        if (child == null) {
            time.schedule(() -> done.answer(Code.NONODE, null, new Stat()), LATENCY);
        } else {
            time.schedule(
                    () -> done.answer(Code.OK, child.data.getBytes(StandardCharsets.UTF_8), child.stat()), LATENCY);
        }
    }

    @Override
    public void create(String path) {
        throw new UnsupportedOperationException("the parent is always there");
    }

    private @Nullable Child at(String path) {
        return children.get(path.substring(parent.length() + 1));
    }

    private void tell(EventType type, String name) {
        WatchedEvent event = new WatchedEvent(type, KeeperState.SyncConnected, parent + "/" + name, zxid);
        for (Watcher watcher : watchers) {
            time.schedule(() -> watcher.process(event), LATENCY);
        }
    }
}
