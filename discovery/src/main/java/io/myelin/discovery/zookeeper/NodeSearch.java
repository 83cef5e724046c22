package io.myelin.discovery.zookeeper;

import io.myelin.model.Endpoint;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** One look for the znodes that already register an endpoint; used once. */
@OwnedBy(Owner.REGISTRY)
final class NodeSearch {
    /*
     * Ephemeral znodes of a session can be asked for since ZooKeeper 3.6, without a list of everybody else's; with older
     * servers, and for persistent znodes, the list of all children is what there is.
     */
    private final ZooKeeper client;
    private final NodeForm form;
    private final Endpoint endpoint;
    private final @Nullable String held;
    private final Outcome outcome;
    private final List<Found> found = new ArrayList<>();

    /** A znode that registers the endpoint, and what it holds. */
    record Found(String path, String text, Stat stat) {}

    /** Called on the thread of ZooKeeper's client, exactly once. */
    interface Outcome {
        void onFound(List<Found> found);

        void onFailed(String operation, int code);
    }

    /**
     * Creates a search that has not begun.
     *
     * @param held the path of the registration as it was known last, {@code null} if it was not there
     */
    NodeSearch(ZooKeeper client, NodeForm form, Endpoint endpoint, @Nullable String held, Outcome outcome) {
        this.client = client;
        this.form = form;
        this.endpoint = endpoint;
        this.held = held;
        this.outcome = outcome;
    }

    void start() {
        if (!form.type().sequential() && !form.encoded()) {
            read(List.of(form.prefix(endpoint)), 0);
        } else if (form.type().ephemeral()) {
            client.getEphemerals(
                    form.paths().parent(),
                    (code, context, paths) -> {
                        if (code == Code.UNIMPLEMENTED.intValue()) {
                            list();
                        } else {
                            onListed(code, paths);
                        }
                    },
                    null);
        } else {
            list();
        }
    }

    private void list() {
        client.getChildren(
                form.paths().parent(),
                false,
                (int code, String parent, Object context, List<String> names) -> onListed(
                        code,
                        names == null
                                ? List.of()
                                : names.stream().map(form.paths()::child).toList()),
                null);
    }

    private void onListed(int code, List<String> paths) {
        if (code == Code.NONODE.intValue()) {
            outcome.onFound(List.of());
        } else if (code != Code.OK.intValue()) {
            outcome.onFailed("list", code);
        } else {
            read(
                    paths.stream()
                            .filter(path -> form.maybeNamed(path, endpoint))
                            .sorted()
                            .toList(),
                    0);
        }
    }

    /** Reads one path after the other; there is hardly ever more than one. */
    private void read(List<String> paths, int next) {
        if (next == paths.size()) {
            outcome.onFound(List.copyOf(found));
            return;
        }
        String path = paths.get(next);
        client.getData(
                path,
                false,
                (int code, String asked, Object context, byte[] data, Stat stat) -> {
                    if (code == Code.OK.intValue()) {
                        keep(new Found(path, data == null ? "" : new String(data, StandardCharsets.UTF_8), stat));
                    } else if (code != Code.NONODE.intValue()) {
                        outcome.onFailed("read", code);
                        return;
                    }
                    read(paths, next + 1);
                },
                null);
    }

    private void keep(Found candidate) {
        if (mine(candidate)) {
            found.add(candidate);
        }
    }

    private boolean mine(Found candidate) {
        if (candidate.path().equals(held) || (!form.type().sequential() && form.named(candidate.path(), endpoint))) {
            return true;
        }
        return form.suits(candidate.stat(), client.getSessionId())
                && form.registers(candidate.path(), candidate.text(), endpoint);
    }
}
