package io.myelin.benchmarks.registry;

import io.myelin.discovery.zookeeper.EmbeddedZooKeeper;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;

/**
 * A process that is one ZooKeeper server in which instances are registered as Nerve does it. It prints where it listens
 * when everything is there, and ends when its input does.
 */
public final class Ensemble {
    private static final int EVERYTHING = 31;
    private static final List<ACL> EVERYBODY = List.of(new ACL(EVERYTHING, new Id("world", "anyone")));

    private static final String ROOT = "/bench";
    private static final int SESSION_MILLIS = 30_000;

    private Ensemble() {}

    /** Returns the path of a service. */
    static String path(int service) {
        return ROOT + "/service" + service;
    }

    /** Takes how many services there are, and how many instances each of them has. */
    public static void main(String[] arguments) throws IOException, InterruptedException, KeeperException {
        try (EmbeddedZooKeeper server = new EmbeddedZooKeeper()) {
            server.start();
            fill(server.connectString(), Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
            try (PrintStream out =
                    new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)) {
                out.println(server.connectString());
                while (System.in.read() >= 0) {
                    // Whoever started it has nothing to say, and ends it by hanging up.
                }
            }
        }
    }

    private static void fill(String connectString, int services, int instances)
            throws IOException, InterruptedException, KeeperException {
        ZooKeeper client = new ZooKeeper(connectString, SESSION_MILLIS, event -> {});
        try {
            client.multi(List.of(create(ROOT, "")));
            for (int service = 0; service < services; service++) {
                List<Op> registrations = new ArrayList<>();
                registrations.add(create(path(service), ""));
                for (int instance = 0; instance < instances; instance++) {
                    registrations.add(create(
                            path(service) + "/i-" + instance + "_" + "%010d".formatted(instance),
                            registration(service, instance)));
                }
                client.multi(registrations);
            }
        } finally {
            client.close();
        }
    }

    private static String registration(int service, int instance) {
        return "{\"host\":\"10.%d.%d.%d\",\"port\":%d,\"name\":\"i-%d\",\"weight\":10}"
                .formatted(service / 256 % 256, service % 256, instance % 256, 8_000 + instance / 256, instance);
    }

    private static Op create(String path, String data) {
        return Op.create(path, data.getBytes(StandardCharsets.UTF_8), EVERYBODY, CreateMode.PERSISTENT);
    }
}
