package io.myelin.stats;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.myelin.balance.Member;
import io.myelin.balance.MemberCounter;
import io.myelin.health.ServiceChecks;
import io.myelin.httpd.Body;
import io.myelin.httpd.Chain;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.PoolSnapshot;
import io.myelin.server.ListenerStatus;
import io.myelin.stats.Recollection.Look;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The statistics of the process under HAProxy's names. Safe from any thread.
 *
 * <p>What HAProxy would know exactly and only looking finds out here, the most sessions at once and rates, is as
 * looking once a second shows, from the first time on that anybody asks.
 */
public final class Statistics implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Statistics.class);
    private static final long LOOK_SECONDS = 1;

    private final StatsView view;
    private final Clock clock;
    private final long startMillis;
    private final Recollection recollection = new Recollection();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Integer> proxyIds = new HashMap<>();

    @GuardedBy("lock")
    private @Nullable ScheduledThreadPoolExecutor looks;

    @GuardedBy("lock")
    private boolean closed;

    /** Creates statistics that count time from now on. */
    public Statistics(StatsView view, Clock clock) {
        this.view = view;
        this.clock = clock;
        this.startMillis = clock.wallMillis();
    }

    /** Returns all lines of the proxies that {@code query} asks for as CSV. */
    public Body csv(StatsQuery query) {
        return new CsvText(rows(query));
    }

    /** Returns all values of the proxies that {@code query} asks for, one to a line, with their types. */
    public Body typed(StatsQuery query) {
        return new TypedText(rows(query));
    }

    /** Returns all values of the proxies that {@code query} asks for as JSON, with their types. */
    public Body json(StatsQuery query) {
        return new JsonText(rows(query));
    }

    /** Returns the page for people. */
    public Body page(StatsQuery query, String title) {
        return new StatsPage(title, view.version(), moment(), rows(query));
    }

    /** Lets maxima begin anew. */
    public void clearMaxima() {
        recollection.forgetMaxima();
    }

    /** Lets maxima and totals begin anew. */
    public void clearAll() {
        recollection.begin(allRows(StatsQuery.ALL));
        recollection.forgetMaxima();
    }

    /** Ends the looking. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (looks != null) {
                looks.shutdownNow();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of a backend. */
    public int backendId(String pool) {
        return proxyId("backend " + pool);
    }

    /** Returns the lines that {@code query} asks for, proxy by proxy, each of which is made when its turn comes. */
    Iterator<Row> rows(StatsQuery query) {
        beginToLook();
        return new Selected(query, allRows(query));
    }

    /** The lines of some that a query admits, with what only looking shows. */
    @OwnedBy(Owner.ADMIN_LOOP)
    private final class Selected implements Iterator<Row> {
        private final StatsQuery query;
        private final Iterator<Row> all;
        private @Nullable Row ahead;

        private Selected(StatsQuery query, Iterator<Row> all) {
            this.query = query;
            this.all = all;
        }

        @Override
        public boolean hasNext() {
            while (ahead == null && all.hasNext()) {
                Row row = all.next();
                ahead = query.admits(row) ? row : null;
            }
            return ahead != null;
        }

        @Override
        public Row next() {
            Row row = hasNext() ? ahead : null;
            if (row == null) {
                throw new NoSuchElementException();
            }
            ahead = null;
            recollection.complete(row, clock.nanoTime());
            return row;
        }
    }

    private void beginToLook() {
        lock.lock();
        try {
            if (looks == null && !closed) {
                looks = new ScheduledThreadPoolExecutor(1, task -> {
                    Thread thread = new Thread(task, "stats-look");
                    thread.setDaemon(true);
                    return thread;
                });
                looks.scheduleWithFixedDelay(this::look, 0, LOOK_SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Looks at everything once. */
    void look() {
        try {
            Look look = recollection.begin(clock.nanoTime());
            listeners()
                    .forEach((name, addresses) -> look.take(
                            new Row.Key(Row.Type.FRONTEND, name, FrontendRow.NAME),
                            addresses.stream()
                                    .mapToLong(ListenerStatus::openConnections)
                                    .sum(),
                            FrontendRow.sum(addresses)));
            for (Pool pool : view.pools()) {
                look.take(
                        new Row.Key(Row.Type.BACKEND, pool.alias(), BackendRow.NAME),
                        pool.total(PoolCounter.IN_FLIGHT),
                        pool.total(PoolCounter.REQUESTS));
                for (Member member : pool.snapshot().members()) {
                    look.take(
                            new Row.Key(
                                    Row.Type.SERVER, pool.alias(), member.id().value()),
                            member.inFlight(),
                            member.total(MemberCounter.REQUESTS));
                }
            }
            look.end();
        } catch (RuntimeException e) {
            log.error("A look at the counters failed; later ones go on", e);
        }
    }

    private Moment moment() {
        return new Moment(clock.wallMillis(), startMillis);
    }

    private Map<String, List<ListenerStatus>> listeners() {
        Map<String, List<ListenerStatus>> byName = new LinkedHashMap<>();
        view.listeners()
                .forEach(status -> byName.computeIfAbsent(status.listener(), name -> new ArrayList<>())
                        .add(status));
        return byName;
    }

    private Iterator<Row> allRows(StatsQuery query) {
        Moment moment = moment();
        Map<String, List<ListenerStatus>> listeners = listeners();
        Map<Pool, List<ListenerStatus>> pools = new LinkedHashMap<>();
        for (Pool pool : view.pools()) {
            List<ListenerStatus> own = listeners.remove(pool.name());
            if (query.admits(pool.name()) || query.admits(pool.alias())) {
                pools.put(pool, own == null ? List.of() : own);
            }
        }
        Iterator<Iterator<Row>> ofPools = pools.entrySet().stream()
                .map(entry -> rowsOf(entry.getKey(), entry.getValue(), query, moment))
                .iterator();
        Iterator<Row> alone = listeners.entrySet().stream()
                .filter(entry -> query.admits(entry.getKey()))
                .map(entry -> frontend(entry.getValue(), null))
                .iterator();
        return new Chain<>(List.<Iterator<Row>>of(new Chain<>(ofPools), alone).iterator());
    }

    /** Returns the lines of one pool, and of its own listener if it has one. */
    private Iterator<Row> rowsOf(Pool pool, List<ListenerStatus> own, StatsQuery query, Moment moment) {
        String mode = own.isEmpty() ? "http" : FrontendRow.mode(own.get(0).protocol());
        PoolSnapshot snapshot = pool.snapshot();
        ServiceChecks checks = view.checks(pool.name());
        Stream<Row> frontend = own.isEmpty() || !query.admits(pool.name())
                ? Stream.empty()
                : Stream.of(own).map(list -> frontend(list, pool));
        int proxyId = own.isEmpty() ? backendId(pool.name()) : idBehindFrontend(pool.name());
        if (!query.admits(pool.alias())) {
            return frontend.iterator();
        }
        Stream<Row> servers = snapshot.members().stream().map(member -> {
            Row row = ServerRow.of(pool.alias(), member, snapshot.sticky(), checks, moment);
            if (member.number() != 0) {
                row.number(Column.SID, member.number());
            }
            return row.number(Column.IID, proxyId).text(Column.MODE, mode);
        });
        Stream<Row> backend = Stream.of(pool)
                .map(any -> BackendRow.of(pool, snapshot, moment)
                        .number(Column.IID, proxyId)
                        .number(Column.SID, 0)
                        .text(Column.MODE, mode));
        return Stream.concat(frontend, Stream.concat(servers, backend)).iterator();
    }

    private Row frontend(List<ListenerStatus> addresses, @Nullable Pool pool) {
        String name = addresses.get(0).listener();
        return FrontendRow.of(addresses, pool).number(Column.IID, proxyId("frontend " + name));
    }

    /** Numbers a backend and the listener in front of it, in the order in which they are told of. */
    private int idBehindFrontend(String pool) {
        proxyId("frontend " + pool);
        return backendId(pool);
    }

    /** Returns the number of a frontend or backend, in the order in which they were first seen, from 1. */
    private int proxyId(String kindAndName) {
        lock.lock();
        try {
            return proxyIds.computeIfAbsent(kindAndName, any -> proxyIds.size() + 1);
        } finally {
            lock.unlock();
        }
    }
}
