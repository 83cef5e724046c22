package io.myelin.discovery.zookeeper;

import java.util.List;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * The requests that following takes, over one connection. Every one returns at once and is answered later, on another
 * thread; whatever is asked with a watcher tells it once of the next change.
 */
interface Znodes {
    /** Called with the names of the children and the version of their parent if {@code code} is OK. */
    interface OnNames {
        void answer(Code code, List<String> names, Stat stat);
    }

    /** Called with the version of a znode if {@code code} is OK. */
    interface OnVersion {
        void answer(Code code, Stat stat);
    }

    /** Called with what a znode holds if {@code code} is OK. */
    interface OnContent {
        void answer(Code code, byte @Nullable [] data, Stat stat);
    }

    /** Asks to be told of everything that happens to a znode and below it, from now on. */
    void watchTree(String path, Watcher watcher, Consumer<Code> done);

    void unwatchTree(String path, Watcher watcher);

    void names(String path, @Nullable Watcher watcher, OnNames done);

    void version(String path, @Nullable Watcher watcher, OnVersion done);

    void data(String path, @Nullable Watcher watcher, OnContent done);

    /** Asks for a znode that stays; that it cannot be created changes nothing. */
    void create(String path);
}
