package io.myelin.server;

import io.myelin.balance.Member;
import io.myelin.http.HttpLoop;
import io.myelin.http.ViolationReports;
import io.myelin.http.Violations;
import io.myelin.log.AccessConfig;
import io.myelin.log.AccessSink;
import io.myelin.log.AccessSinks;
import io.myelin.model.Clock;
import io.myelin.net.HostResolver;
import io.myelin.net.Loop;
import io.myelin.net.Loops;
import io.myelin.net.SocketTypes;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolSnapshot;
import io.myelin.tls.MemberContexts;
import io.myelin.upstream.Connector;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** The event loops and what each of them has for serving traffic. Immutable. */
final class DataPlane {
    private final Loops loops;
    private final HostResolver resolver;
    private final List<Connector> connectors;
    private final List<HttpLoop> httpLoops;
    private final AccessSinks accessSinks;
    private final Clock clock;

    DataPlane(int count, SocketTypes socketTypes, Clock clock, AccessSinks accessSinks, MemberContexts memberContexts) {
        Loops created = new Loops(count, socketTypes, clock);
        HostResolver names = new HostResolver(clock);
        ViolationReports reports = new ViolationReports(clock);
        SecureRandom secrets = new SecureRandom();
        this.accessSinks = accessSinks;
        this.clock = clock;
        loops = created;
        resolver = names;
        connectors = created.all().stream()
                .map(loop -> new Connector(loop, names, memberContexts))
                .toList();
        httpLoops = created.all().stream()
                .map(loop -> new HttpLoop(loop, connectors.get(loop.index()), reports, secrets))
                .toList();
    }

    /** Returns where the records of a listener with that configuration go. */
    AccessSink accessSink(AccessConfig config) {
        return accessSinks.open(config);
    }

    /** Returns a number of the violations of all loops, summed; any thread. */
    long violations(ToLongFunction<Violations> count) {
        return httpLoops.stream().map(HttpLoop::violations).mapToLong(count).sum();
    }

    Clock clock() {
        return clock;
    }

    Loops loops() {
        return loops;
    }

    Connector connector(int loop) {
        return connectors.get(loop);
    }

    HttpLoop http(int loop) {
        return httpLoops.get(loop);
    }

    /** Queues {@code task} on every loop. */
    void onEachLoop(Consumer<Loop> task) {
        loops.all().forEach(loop -> loop.executor().execute(() -> task.accept(loop)));
    }

    /** Closes the unused connections to members that have left their pool. A pool observer. */
    void onSnapshot(Pool pool, PoolSnapshot before, PoolSnapshot after) {
        Set<Member> gone = new HashSet<>();
        for (Member member : before.members()) {
            if (member.retired()) {
                gone.add(member);
            }
        }
        discard(gone);
    }

    /** Closes the unused connections to {@code members}. */
    void discard(Set<Member> members) {
        if (!members.isEmpty()) {
            onEachLoop(loop ->
                    members.forEach(member -> httpLoops.get(loop.index()).discard(member)));
        }
    }

    void stop() {
        onEachLoop(loop -> httpLoops.get(loop.index()).discardAll());
        resolver.close();
        loops.stop();
    }
}
