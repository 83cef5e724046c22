package io.myelin.admin;

import io.myelin.files.StateFileFacts;
import io.myelin.httpd.Body;
import io.myelin.httpd.Chain;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.tls.MemberTlsStatus;
import io.netty.buffer.ByteBuf;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metrics of one scrape, written series by series: family by family as the format asks for it, and within each
 * through all that it is about.
 *
 * <p>What exists is seen once, when the scrape begins; the numbers are those of the moment in which they are written.
 * Of several series with one name and the same labels the first is kept, because a scrape with duplicates is refused as
 * a whole.
 */
@OwnedBy(Owner.ADMIN_LOOP)
public final class Exposition implements Body {
    private final MetricText text;
    private final Iterator<Table<?>> tables;
    private Table<?> table;

    /** Families that are about the same subjects, and how far they are written. */
    @OwnedBy(Owner.ADMIN_LOOP)
    public static final class Table<S> {
        private final Iterator<Family<S>> families;
        private final Iterable<S> subjects;
        private Iterator<S> rest = Collections.emptyIterator();
        private Family<S> family = Family.gauge("", "", (subject, text) -> {});

        /** Creates what writes {@code families}, each through all of {@code subjects}. */
        public Table(List<Family<S>> families, Iterable<S> subjects) {
            this.families = families.iterator();
            this.subjects = subjects;
        }

        /** Writes the series of one subject; returns whether there was one. */
        boolean writeNext(MetricText text) {
            while (!rest.hasNext()) {
                if (!families.hasNext()) {
                    return false;
                }
                family = families.next();
                rest = subjects.iterator();
                text.begin(family);
            }
            family.series().accept(rest.next(), text);
            return true;
        }
    }

    /**
     * Creates a scrape.
     *
     * @param tables at least one; written in their order
     */
    public Exposition(MetricText text, List<Table<?>> tables) {
        this.text = text;
        this.tables = tables.iterator();
        this.table = this.tables.next();
    }

    static Exposition of(ProcessView view, Times times, MetricText text) {
        List<PoolReading.Seen> pools =
                view.pools().stream().map(PoolReading.Seen::now).toList();
        PluginsView plugins = view.plugins();
        List<MemberTlsStatus> memberTls = view.memberTls();
        return new Exposition(
                text,
                List.of(
                        new Table<>(ProcessMetrics.FAMILIES, List.of(view)),
                        new Table<>(ProcessMetrics.registries(view), List.of(view)),
                        new Table<>(ListenerMetrics.FAMILIES, listeners(view)),
                        new Table<>(TlsMetrics.HANDSHAKES, TlsMetrics.listeners(view)),
                        new Table<>(TlsMetrics.certificates(times), TlsMetrics.shown(view)),
                        new Table<>(TlsMetrics.revocations(times), TlsMetrics.lists(view)),
                        new Table<>(PoolMetrics.families(view, times), pools),
                        new Table<>(
                                MemberMetrics.families(),
                                () -> new Chain<>(pools.stream()
                                        .map(MemberMetrics::membersOf)
                                        .iterator())),
                        new Table<>(MemberTlsMetrics.pools(memberTls), pools),
                        new Table<>(MemberTlsMetrics.certificates(times), MemberTlsMetrics.known(memberTls)),
                        new Table<>(MemberTlsMetrics.revocations(times), MemberTlsMetrics.lists(memberTls)),
                        new Table<>(AnnounceMetrics.FAMILIES, announcements(view)),
                        new Table<>(
                                ReplicaMetrics.FAMILIES, view.replicaOrders().counts()),
                        new Table<>(ReplicaMetrics.STORE, store(view)),
                        new Table<>(ProbeMetrics.FAMILIES, probed(view)),
                        new Table<>(PluginMetrics.FAMILIES, PluginMetrics.plugins(plugins)),
                        new Table<>(PluginMetrics.SOURCES, PluginMetrics.sources(plugins)),
                        new Table<>(StateFileMetrics.families(times), stateFile(view)),
                        new Table<>(JvmMetrics.FAMILIES, List.of(JvmMetrics.now()))));
    }

    private static List<StateFileFacts> stateFile(ProcessView view) {
        StateFileFacts facts = view.stateFile();
        return facts == null ? List.of() : List.of(facts);
    }

    @Override
    public boolean writeNext(ByteBuf piece) {
        text.to(piece);
        while (!table.writeNext(text)) {
            if (!tables.hasNext()) {
                text.end();
                return false;
            }
            table = tables.next();
        }
        return true;
    }

    private static Iterable<ListenerView> listeners(ProcessView view) {
        Map<List<String>, ListenerView> distinct = new LinkedHashMap<>();
        view.listeners().stream()
                .map(ListenerView::of)
                .forEach(listener -> distinct.putIfAbsent(
                        List.of(listener.listener(), listener.address(), listener.protocol()), listener));
        return distinct.values();
    }

    /** There is one only where replicas are. */
    private static Iterable<ReplicaOrders> store(ProcessView view) {
        return view.replicaOrders().counts().isEmpty() ? List.of() : List.of(view.replicaOrders());
    }

    private static Iterable<ProbedInstance> probed(ProcessView view) {
        Map<List<String>, ProbedInstance> distinct = new LinkedHashMap<>();
        view.probed().forEach(probed -> distinct.putIfAbsent(List.of(probed.service(), probed.instance()), probed));
        return distinct.values();
    }

    private static Iterable<AnnouncementView> announcements(ProcessView view) {
        Map<List<String>, AnnouncementView> distinct = new LinkedHashMap<>();
        view.announcements()
                .forEach(announcement ->
                        distinct.putIfAbsent(List.of(announcement.name(), announcement.instance()), announcement));
        return distinct.values();
    }
}
