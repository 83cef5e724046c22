package io.myelin.discovery.zookeeper;

import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every child of a service's znode as it was last seen, and the set of endpoints that this makes. */
@OwnedBy(Owner.REGISTRY)
final class ChildTable {
    private static final Logger log = LoggerFactory.getLogger(ChildTable.class);

    private final String service;
    private final ZnodePaths paths;
    private final ChildCodec codec;
    private final EndpointSink sink;
    private final ZooKeeperCounts counts;
    private final Map<String, Child> children = new TreeMap<>();
    private @Nullable List<Endpoint> delivered;
    private long zxid;

    ChildTable(String service, ZnodePaths paths, ChildCodec codec, EndpointSink sink, ZooKeeperCounts counts) {
        this.service = service;
        this.paths = paths;
        this.codec = codec;
        this.sink = sink;
        this.counts = counts;
    }

    ZnodePaths paths() {
        return paths;
    }

    Collection<Child> children() {
        return children.values();
    }

    @Nullable
    Child find(String name) {
        return children.get(name);
    }

    /** Adds a child that is not known yet, with its endpoint if its name says it. */
    Child add(String name) {
        Child child = new Child(name);
        children.put(name, child);
        String json = child.meaning().json();
        if (json != null) {
            try {
                child.describeByName(codec.decode(
                        json.getBytes(StandardCharsets.UTF_8),
                        child.meaning().sequence(),
                        remark -> remarkOn(child, remark)));
            } catch (MalformedZnodeException | IllegalArgumentException e) {
                log.debug("A name that looked encoded holds no endpoint: service={} child={}", service, name, e);
            }
        }
        return child;
    }

    void remove(String name) {
        children.remove(name);
    }

    /** Forgets every child but those in {@code names}. */
    void retain(Collection<String> names) {
        children.keySet().retainAll(names);
    }

    /** Takes in the data of a child; one that holds no endpoint harms only itself. */
    void describe(Child child, byte @Nullable [] json) {
        try {
            child.describe(codec.decode(json, child.meaning().sequence(), remark -> remarkOn(child, remark)));
        } catch (MalformedZnodeException | IllegalArgumentException e) {
            reject(child, e.getMessage());
        }
    }

    /** Takes in that a child holds no endpoint that can be read. */
    void reject(Child child, @Nullable String problem) {
        child.describe(null);
        if (child.markMalformed()) {
            counts.increment(ZooKeeperCount.MALFORMED);
            log.warn(
                    "Ignored a malformed registration: service={} znode={} problem={}",
                    service,
                    paths.child(child.name()),
                    problem);
        }
    }

    /** Notes that the table reflects the registry's state at {@code seen} or later. */
    void seen(long seen) {
        zxid = Math.max(zxid, seen);
    }

    /** Hands the whole set to the sink if it is not the one that was handed over last. */
    void deliver() {
        List<Endpoint> endpoints = endpoints();
        if (!endpoints.equals(delivered)) {
            delivered = endpoints;
            counts.increment(ZooKeeperCount.DELIVERIES);
            String origin = "zookeeper " + paths.parent() + " zxid=0x" + Long.toHexString(zxid);
            sink.replace(new EndpointSet(service, endpoints, origin));
        }
    }

    /**
     * Of several registrations of one endpoint, the latest counts: an earlier one only waits for its session to end.
     */
    private List<Endpoint> endpoints() {
        Map<EndpointId, Endpoint> endpoints = new LinkedHashMap<>();
        for (Child child : children.values()) {
            Endpoint endpoint = child.endpoint();
            if (endpoint != null) {
                endpoints.merge(endpoint.id(), endpoint, ChildTable::later);
            }
        }
        return List.copyOf(endpoints.values());
    }

    private static Endpoint later(Endpoint one, Endpoint other) {
        return sequence(other) >= sequence(one) ? other : one;
    }

    private static long sequence(Endpoint endpoint) {
        Long sequence = endpoint.sequence();
        return sequence == null ? -1 : sequence;
    }

    private void remarkOn(Child child, String remark) {
        counts.increment(ZooKeeperCount.IMPAIRED);
        log.warn(
                "Ignored a part of a registration: service={} znode={} problem={}",
                service,
                paths.child(child.name()),
                remark);
    }
}
