package io.myelin.stats;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.myelin.balance.Member;
import io.myelin.balance.MemberCounter;
import io.myelin.health.ServiceChecks;
import io.myelin.model.Clock;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.PoolSnapshot;
import io.myelin.server.ListenerStatus;
import io.myelin.stats.Recollection.Look;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
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
    public String csv(StatsQuery query) {
        CsvText text = new CsvText();
        each(query, text::add);
        return text.toString();
    }

    /** Returns the page for people. */
    public String page(StatsQuery query, String title) {
        StatsPage page = new StatsPage(title, view.version(), moment());
        each(query, page::add);
        return page.end();
    }

    /** Lets maxima begin anew. */
    public void clearMaxima() {
        recollection.forgetMaxima();
    }

    /** Lets maxima and totals begin anew. */
    public void clearAll() {
        List<Row> rows = new ArrayList<>();
        make(StatsQuery.ALL, rows::add);
        recollection.begin(rows);
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

    /** Hands the lines that {@code query} asks for, proxy by proxy, to {@code reader}. */
    void each(StatsQuery query, Consumer<Row> reader) {
        beginToLook();
        make(query, row -> {
            if (query.admits(row)) {
                recollection.complete(row);
                reader.accept(row);
            }
        });
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
                        new Row.Key(Row.Type.BACKEND, pool.name(), BackendRow.NAME),
                        pool.total(PoolCounter.IN_FLIGHT),
                        pool.total(PoolCounter.REQUESTS));
                for (Member member : pool.snapshot().members()) {
                    look.take(
                            new Row.Key(
                                    Row.Type.SERVER, pool.name(), member.id().value()),
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

    private void make(StatsQuery query, Consumer<Row> reader) {
        Moment moment = moment();
        Map<String, List<ListenerStatus>> listeners = listeners();
        for (Pool pool : view.pools()) {
            List<ListenerStatus> own = listeners.remove(pool.name());
            if (query.admits(pool.name())) {
                makePool(pool, own, moment, reader);
            }
        }
        listeners.forEach((name, addresses) -> {
            if (query.admits(name)) {
                reader.accept(FrontendRow.of(addresses, null).number(Column.IID, proxyId("frontend " + name)));
            }
        });
    }

    private void makePool(Pool pool, @Nullable List<ListenerStatus> own, Moment moment, Consumer<Row> reader) {
        String mode = "http";
        if (own != null) {
            mode = FrontendRow.mode(own.get(0).protocol());
            reader.accept(FrontendRow.of(own, pool).number(Column.IID, proxyId("frontend " + pool.name())));
        }
        PoolSnapshot snapshot = pool.snapshot();
        ServiceChecks checks = view.checks(pool.name());
        int proxyId = backendId(pool.name());
        for (Member member : snapshot.members()) {
            Row row = ServerRow.of(pool.name(), member, snapshot.sticky(), checks, moment);
            if (member.number() != 0) {
                row.number(Column.SID, member.number());
            }
            reader.accept(row.number(Column.IID, proxyId).text(Column.MODE, mode));
        }
        reader.accept(BackendRow.of(pool, snapshot, moment)
                .number(Column.IID, proxyId)
                .number(Column.SID, 0)
                .text(Column.MODE, mode));
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
