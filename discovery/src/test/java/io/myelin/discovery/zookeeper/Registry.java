package io.myelin.discovery.zookeeper;

import io.myelin.discovery.testing.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;

/** A client of its own that edits znodes as an operator or another program does; its methods block. */
public final class Registry implements AutoCloseable {
    private static final int SESSION_MILLIS = 30_000;

    private final String servers;
    private ZooKeeper client;

    public Registry(String connectString) {
        servers = connectString;
        client = connect(connectString);
    }

    private static ZooKeeper connect(String connectString) {
        try {
            return new ZooKeeper(connectString, SESSION_MILLIS, event -> {});
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Creates {@code path} and everything above it. */
    public void create(String path) {
        for (int end = path.indexOf('/', 1); end >= 0; end = path.indexOf('/', end + 1)) {
            createOne(path.substring(0, end));
        }
        createOne(path);
    }

    /** Registers an endpoint under a name that ends in a sequence, and returns its path. */
    public String register(String parent, String instance, int port) {
        return put(parent, instance + "_", json(instance, port));
    }

    /** Creates a sequential child whose name begins with {@code prefix}, and returns its path. */
    public String put(String parent, String prefix, String data) {
        return call(() -> client.create(
                parent + "/" + prefix,
                data.getBytes(StandardCharsets.UTF_8),
                ZnodePaths.OPEN,
                CreateMode.EPHEMERAL_SEQUENTIAL));
    }

    public void edit(String path, String data) {
        call(() -> client.setData(path, data.getBytes(StandardCharsets.UTF_8), -1));
    }

    public void delete(String path) {
        call(() -> {
            client.delete(path, -1);
            return path;
        });
    }

    public boolean exists(String path) {
        return call(() -> client.exists(path, false) != null);
    }

    /** Creates a persistent znode that holds {@code data}. */
    public void createWith(String path, String data) {
        call(() -> client.create(path, data.getBytes(StandardCharsets.UTF_8), ZnodePaths.OPEN, CreateMode.PERSISTENT));
    }

    /** Creates a sequential znode that nobody may read, and returns its path. */
    public String createUnreadable(String path) {
        return call(() -> client.create(
                path,
                new byte[0],
                Collections.singletonList(new ACL(Perms.WRITE, new Id("world", "anyone"))),
                CreateMode.EPHEMERAL_SEQUENTIAL));
    }

    ZooKeeper client() {
        return client;
    }

    public static String json(String instance, int port) {
        return "{\"host\":\"127.0.0.1\",\"port\":" + port + ",\"name\":\"" + instance + "\"}";
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void createOne(String path) {
        call(() -> {
            try {
                return client.create(path, new byte[0], ZnodePaths.OPEN, CreateMode.PERSISTENT);
            } catch (NodeExistsException ignored) {
                // That is what was wanted.
                return path;
            }
        });
    }

    private <T> T call(Call<T> call) {
        Eventually.holds("the registry is connected", () -> {
            // Servers may keep sessions for much less than was asked for; one that expired never comes back.
            if (!client.getState().isAlive()) {
                client = connect(servers);
            }
            return client.getState().isConnected();
        });
        try {
            return call.run();
        } catch (KeeperException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private interface Call<T> {
        T run() throws KeeperException, InterruptedException;
    }
}
