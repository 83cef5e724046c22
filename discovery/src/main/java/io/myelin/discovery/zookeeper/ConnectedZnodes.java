package io.myelin.discovery.zookeeper;

import java.util.function.Consumer;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The znodes of an ensemble that {@code client} is connected to. */
record ConnectedZnodes(ZooKeeper client) implements Znodes {
    private static final Logger log = LoggerFactory.getLogger(ConnectedZnodes.class);

    @Override
    public void watchTree(String path, Watcher watcher, Consumer<Code> done) {
        client.addWatch(
                path,
                watcher,
                AddWatchMode.PERSISTENT_RECURSIVE,
                (code, asked, context) -> done.accept(Code.get(code)),
                null);
    }

    @Override
    public void unwatchTree(String path, Watcher watcher) {
        client.removeWatches(
                path,
                watcher,
                WatcherType.Any,
                true,
                (code, asked, context) -> log.debug("Watch removed: path={} code={}", asked, Code.get(code)),
                null);
    }

    @Override
    public void names(String path, @Nullable Watcher watcher, OnNames done) {
        client.getChildren(
                path, watcher, (code, asked, context, names, stat) -> done.answer(Code.get(code), names, stat), null);
    }

    @Override
    public void version(String path, @Nullable Watcher watcher, OnVersion done) {
        client.exists(path, watcher, (code, asked, context, stat) -> done.answer(Code.get(code), stat), null);
    }

    @Override
    public void data(String path, @Nullable Watcher watcher, OnContent done) {
        client.getData(
                path, watcher, (code, asked, context, data, stat) -> done.answer(Code.get(code), data, stat), null);
    }

    @Override
    public void create(String path) {
        client.create(
                path,
                new byte[0],
                ZnodePaths.OPEN,
                CreateMode.PERSISTENT,
                (int code, String asked, Object context, String created) -> {
                    if (code != Code.OK.intValue() && code != Code.NODEEXISTS.intValue()) {
                        log.debug("A znode was not created: path={} code={}", asked, Code.get(code));
                    }
                },
                null);
    }
}
