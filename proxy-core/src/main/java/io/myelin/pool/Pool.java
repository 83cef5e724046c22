package io.myelin.pool;

import io.myelin.balance.BalanceConfig;
import io.myelin.balance.Balancer;
import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.balance.Slots;
import io.myelin.failure.Failure;
import io.myelin.metrics.Latency;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.EndpointOptions;
import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.ErrorSink;
import io.myelin.model.HealthVerdict;
import io.myelin.model.MemberTls;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import io.myelin.model.SourceStatus;
import io.myelin.model.VerdictSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our view of one service: folds what discovery, health and operators report into the snapshot that serves traffic.
 *
 * <p>Every change may be reported from any thread; it takes effect on the control thread, in order. Readers call
 * {@link #snapshot()} from any thread and see either all of a change or none of it.
 */
@OwnedBy(Owner.CONTROL)
public final class Pool implements EndpointSink, VerdictSink {
    /*
     * Folding. A report changes the plain fields below at once and queues one publication behind whatever else is
     * queued, so that reports which arrive together become one snapshot. A member is found by the identity of its
     * endpoint: as long as that stays, so do its connections, counters and verdict, whatever the registry renumbers.
     */
    private static final Logger log = LoggerFactory.getLogger(Pool.class);
    private static final int HISTORY = 64;
    /** How many members that came or went a line of the log names; a new deploy of thousands need not fill it. */
    private static final int NAMED = 10;

    private final String name;
    private final Executor control;
    private final Clock clock;
    private final RandomSource random;
    private final int loops;
    private final AtomicReferenceArray<@Nullable PoolLoad> loads;
    private final List<PoolObserver> observers = new ArrayList<>();
    private final OperatorWishes wishes = new OperatorWishes();
    private final Set<String> causes = new LinkedHashSet<>();
    private final Deque<PoolChange> changes = new ArrayDeque<>();
    private final SlowStarts slowStarts = new SlowStarts();
    /** Those who are in the latest fold and were not in the one before. */
    private final List<Member> joined = new ArrayList<>();

    private final MemberNumbers numbers = new MemberNumbers();
    private final Endings endings = new Endings();
    private final Observation observation;
    private final Leaders leaders;
    private volatile PoolConfig config;
    /** Those of the configuration, with the default servers where they are. */
    private MembershipRules rules;
    /** Whether members that do not say otherwise were in maintenance at the latest fold. */
    private boolean disabled;

    private Balancer balancer;
    private List<Endpoint> delivered = List.of();
    /** The latest delivery that was not empty, as it came, so that another configuration can fold it anew. */
    private List<Endpoint> remembered = List.of();

    /** What the rules of membership made of it. */
    private List<Endpoint> endpoints = List.of();

    /** What of that is used. */
    private Selection.Choice choice = new Selection.Choice(List.of(), List.of());

    private List<PassedOver> misfits = List.of();

    /** What an earlier process knew of the pool, until the source names an endpoint. */
    private List<Endpoint> recalled = List.of();

    /** What the source knows of the names of default servers. */
    private Map<String, List<String>> addresses = Map.of();

    private String recalledFrom = "";
    private Map<EndpointId, Member> members = Map.of();
    private @Nullable StickyMembers sticky;
    /** How members are spoken to whose own options say nothing else, {@code null} for in the clear. */
    private @Nullable MemberTls encryption;

    private boolean sourceHasSpoken;
    private boolean publicationQueued;
    private @Nullable WaitingLine line;
    /** Whether members have limits now. */
    private boolean limited;

    private volatile PoolSnapshot snapshot;
    private volatile List<PoolChange> history = List.of();
    private volatile @Nullable SourceStatus sourceStatus;

    /**
     * Creates a pool that holds its default servers.
     *
     * @param control runs tasks on the control thread, in order
     * @param loops how many event loops will use the pool
     */
    public Pool(PoolConfig config, Executor control, Clock clock, RandomSource random, int loops) {
        this.name = config.name();
        this.config = config;
        this.rules = config.membership();
        this.control = control;
        this.clock = clock;
        this.random = random;
        this.loops = loops;
        this.loads = new AtomicReferenceArray<>(loops);
        this.observation = new Observation(control, loops);
        this.leaders = new Leaders(name);
        this.balancer = config.balance().newBalancer(random, clock);
        take(rules.initial());
        this.members = reconcile();
        this.snapshot = freeze(1, "configured");
        showLine(snapshot);
    }

    public String name() {
        return name;
    }

    /** Returns what tools made for HAProxy call the pool now; safe from any thread. */
    public String alias() {
        return config.alias();
    }

    /** Returns how members are chosen now; safe from any thread. */
    public BalanceConfig balance() {
        return config.balance();
    }

    /** Returns the current snapshot; safe from any thread. */
    public PoolSnapshot snapshot() {
        return snapshot;
    }

    /** Returns the latest changes, oldest first; safe from any thread. */
    public List<PoolChange> history() {
        return history;
    }

    /** Returns what the source last said of itself, {@code null} if it said nothing; safe from any thread. */
    public @Nullable SourceStatus sourceStatus() {
        return sourceStatus;
    }

    /** Queues the registration of an observer, which hears of every later snapshot. */
    public void observe(PoolObserver observer) {
        control.execute(() -> observers.add(observer));
    }

    /** Queues that {@code sink} hears, on the control thread, of members that make too many errors. */
    public void reportErrorsTo(ErrorSink sink) {
        control.execute(() -> observation.tell(sink));
    }

    /** Has {@code sink} end, when told to on the control thread, what members have in progress. Control thread. */
    public void endSessionsBy(Consumer<Set<Member>> sink) {
        endings.endBy(sink);
    }

    /** Queues a change of configuration. Members that stay keep everything they have. */
    public void reconfigure(PoolConfig newConfig) {
        control.execute(() -> {
            if (newConfig.equals(config)) {
                return;
            }
            if (!newConfig.balance().equals(config.balance())) {
                balancer = newConfig.balance().newBalancer(random, clock);
            }
            config = newConfig;
            rules = config.membership().resolved(addresses);
            take(content());
            queuePublication("reconfigured");
        });
    }

    @Override
    public void replace(EndpointSet set) {
        control.execute(() -> {
            if (sourceHasSpoken && set.endpoints().equals(delivered)) {
                return;
            }
            sourceHasSpoken = true;
            delivered = set.endpoints();
            if (!delivered.isEmpty()) {
                remembered = delivered;
                recalled = List.of();
            }
            List<Endpoint> folded = content();
            if (delivered.isEmpty() && !folded.isEmpty()) {
                log.warn("Source delivered no endpoint, serving others: pool={} serving={}", name, folded.size());
            }
            if (!sameEndpoints(folded, endpoints) || !rules.misfits(delivered).equals(misfits)) {
                take(folded);
                queuePublication(set.origin());
            }
        });
    }

    @Override
    public void resolve(Map<String, List<String>> found) {
        control.execute(() -> {
            addresses = Map.copyOf(found);
            rules = config.membership().resolved(addresses);
            List<Endpoint> folded = content();
            if (!sameEndpoints(folded, endpoints)) {
                take(folded);
                queuePublication("default servers resolved");
            }
        });
    }

    @Override
    public void status(SourceStatus status) {
        control.execute(() -> sourceStatus = servesRecalled(status) ? recalledStatus(status) : status);
    }

    /**
     * Takes over what an earlier process knew of the pool, to be served until the source names an endpoint. Control
     * thread, before the pool is handed to anybody.
     *
     * @param set in the form in which it was served; its origin is for people
     * @param knownMillis wall clock at which it was known to be so
     * @param known the numbers of its members
     */
    public void recall(EndpointSet set, long knownMillis, Map<EndpointId, Integer> known) {
        if (set.endpoints().isEmpty()) {
            return;
        }
        recalled = set.endpoints();
        recalledFrom = set.origin();
        take(recalled);
        numbers.recall(known);
        members = reconcile();
        snapshot = freeze(snapshot.version(), set.origin());
        showLine(snapshot);
        sourceStatus = new SourceStatus(
                set.origin(), SourceStatus.State.STALE, clock.wallMillis(), knownMillis, "not asked yet");
    }

    private boolean servesRecalled(SourceStatus status) {
        return status.state() == SourceStatus.State.STARTING && !sourceHasSpoken && !recalled.isEmpty();
    }

    /** Returns the status of a source that was never read, while there is something to serve all the same. */
    private SourceStatus recalledStatus(SourceStatus status) {
        SourceStatus before = sourceStatus;
        long knownMillis = before == null ? 0 : before.syncedMillis();
        String error = status.error().isEmpty() ? "not read yet" : status.error();
        return new SourceStatus(
                status.source() + ", serving " + recalledFrom,
                SourceStatus.State.STALE,
                status.sinceMillis(),
                knownMillis,
                error);
    }

    /** Returns what the pool holds: what its source names, before that what is recalled, else the defaults. */
    private List<Endpoint> content() {
        if (!sourceHasSpoken) {
            return recalled.isEmpty() ? rules.initial() : recalled;
        }
        List<Endpoint> folded = rules.fold(remembered, delivered);
        return folded.isEmpty() && rules.usePrevious() ? recalled : folded;
    }

    @Override
    public void onVerdict(EndpointId endpoint, HealthVerdict verdict) {
        control.execute(() -> {
            Member member = members.get(endpoint);
            if (member == null) {
                return;
            }
            boolean admitted = member.verdict().admitsTraffic();
            member.judge(verdict);
            if (admitted != verdict.admitsTraffic()) {
                if (admitted) {
                    endings.onDown(member, config.marking(), clock.nanoTime());
                } else {
                    slowStarts.begin(endpoint, clock.nanoTime());
                    endings.onUp(member, config.marking(), members.values());
                }
                queuePublication("health: " + endpoint + " " + verdict.state() + " (" + verdict.reason() + ")");
            }
        });
    }

    /** Queues an operator's wish for one member; it outlives the member's leaving and coming back. */
    public void rest(EndpointId endpoint, AdminState state) {
        control.execute(() -> {
            wishes.rest(endpoint, state);
            Member member = members.get(endpoint);
            if (member != null) {
                rest(member, leaders.with(endpoint, state), "operator");
            }
        });
    }

    private void rest(Member member, AdminState state, String cause) {
        if (member.adminState() != state) {
            rest(member, state);
            slowStarts.begin(member.id(), clock.nanoTime());
            queuePublication(cause + ": " + member.id() + " " + state);
        }
    }

    /** Returns the member of that identity, {@code null} if there is none. Control thread. */
    @Nullable
    Member member(EndpointId endpoint) {
        return members.get(endpoint);
    }

    /** Returns the names of the pools whose members some of this one follow. Control thread. */
    Set<String> leadingPools() {
        return leaders.pools();
    }

    /**
     * Has the members that follow others do as those do now. Control thread.
     *
     * @param pools returns the pool of a name
     */
    void follow(Function<String, @Nullable Pool> pools) {
        for (EndpointId endpoint : leaders.followers()) {
            Member member = members.get(endpoint);
            if (member != null) {
                Leaders.Example example = leaders.example(endpoint, pools);
                EndpointOptions options =
                        EndpointOptions.parse(member.endpoint().options());
                rest(member, adminStateOf(member.endpoint(), options), "follows " + member.leader());
                if (!example.verdict().equals(member.verdict())) {
                    onVerdict(endpoint, example.verdict());
                }
            }
        }
    }

    /** Queues an operator's weight for one member, 0..256, or with {@code null} the end of it. */
    public void weigh(EndpointId endpoint, @Nullable Integer weight) {
        control.execute(() -> {
            wishes.weigh(endpoint, weight);
            Member member = members.get(endpoint);
            if (member != null) {
                member.override(weight);
                queuePublication("operator: " + endpoint + " weight " + member.weight());
            }
        });
    }

    /** Queues another address for one member, which keeps its identity and loses everything else it has. */
    public void move(EndpointId endpoint, String host, int port) {
        control.execute(() -> {
            wishes.move(endpoint, host, port);
            if (members.containsKey(endpoint)) {
                queuePublication("operator: " + endpoint + " address " + host + ":" + port);
            }
        });
    }

    /** Queues what follows from the passing of time alone; to be called about every second. */
    public void onTick() {
        control.execute(() -> {
            endings.onTick(clock.nanoTime());
            if (slowStarts.apply(members, config.admission(), clock.nanoTime())) {
                queuePublication("slow start");
            }
        });
    }

    /** Returns what {@code loop} counts about this pool; called by that loop only. */
    public PoolLoad load(int loop) {
        PoolLoad load = loads.getPlain(loop);
        if (load == null) {
            load = new PoolLoad();
            loads.setRelease(loop, load);
        }
        return load;
    }

    /** Returns a counter summed over all loops; any thread. */
    public long total(PoolCounter counter) {
        return sum(load -> load.counters().read(counter));
    }

    /** Returns how many exchanges and tunnels failed for that reason; any thread. */
    public long total(Failure failure) {
        return sum(load -> load.failures().read(failure));
    }

    /** Returns the latency of exchanges in microseconds; any thread. */
    public Histogram latency() {
        return histogram(PoolLoad::latency);
    }

    /** Returns the time exchanges spent inside the proxy, in microseconds; any thread. */
    public Histogram selfTime() {
        return histogram(PoolLoad::selfTime);
    }

    private void take(List<Endpoint> folded) {
        endpoints = folded;
        choice = config.selection().choose(folded);
        misfits = rules.misfits(delivered);
        if (choice.used().isEmpty() && !folded.isEmpty()) {
            PassedOver first = choice.passedOver().get(0);
            log.warn(
                    "No endpoint is used: pool={} endpoints={} first={} reason={}",
                    name,
                    folded.size(),
                    first.endpoint().id(),
                    first.reason());
        }
    }

    private List<PassedOver> passedOver() {
        return Stream.concat(choice.passedOver().stream(), misfits.stream()).toList();
    }

    /** Compares as sets: the order of a source carries no meaning. Neither list holds an endpoint twice. */
    private static boolean sameEndpoints(List<Endpoint> some, List<Endpoint> others) {
        return some.equals(others) || (some.size() == others.size() && new HashSet<>(some).containsAll(others));
    }

    private long sum(Function<PoolLoad, Long> part) {
        long sum = 0;
        for (int loop = 0; loop < loads.length(); loop++) {
            PoolLoad load = loads.getAcquire(loop);
            if (load != null) {
                sum += part.apply(load);
            }
        }
        return sum;
    }

    private Histogram histogram(Function<PoolLoad, Latency> part) {
        Histogram sum = Latency.fineSum();
        for (int loop = 0; loop < loads.length(); loop++) {
            PoolLoad load = loads.getAcquire(loop);
            if (load != null) {
                part.apply(load).addTo(sum);
            }
        }
        return sum;
    }

    private void queuePublication(String cause) {
        causes.add(cause);
        if (!publicationQueued) {
            publicationQueued = true;
            control.execute(this::publish);
        }
    }

    private void publish() {
        publicationQueued = false;
        String cause = String.join("; ", causes);
        causes.clear();
        members = reconcile();
        PoolSnapshot before = snapshot;
        PoolSnapshot after = freeze(before.version() + 1, cause);
        snapshot = after;
        showLine(after);
        remember(after);
        log.info(
                "Pool changed: pool={} version={} members={} eligible={} added={} removed={} cause={}",
                name,
                after.version(),
                after.members().size(),
                after.eligible().size(),
                named(joined),
                named(before.members().stream().filter(Member::retired).toList()),
                cause);
        observers.forEach(observer -> observer.onSnapshot(this, before, after));
        endings.settle();
    }

    /** Returns the first few of {@code some} by name. */
    private static String named(List<Member> some) {
        if (some.size() <= NAMED) {
            return some.toString();
        }
        return some.subList(0, NAMED) + "+" + (some.size() - NAMED);
    }

    /** Keeps the member of every endpoint that stayed, creates the new ones and retires those that left. */
    private Map<EndpointId, Member> reconcile() {
        Map<EndpointId, Member> next = new LinkedHashMap<>(choice.used().size() * 4 / 3 + 1);
        ToIntFunction<Endpoint> weights = rules.weights();
        MemberTls tls = config.upstream().tls();
        encryption = tls.ofTraffic();
        joined.clear();
        leaders.dismiss();
        numbers.assign(choice.used(), config.lineup().maxNumber());
        for (Endpoint listed : config.lineup().arrange(choice.used())) {
            EndpointOptions options = EndpointOptions.parse(listed.options());
            Endpoint described = options.backup() && !listed.backup() ? listed.withBackup(true) : listed;
            int weight = weights.applyAsInt(described);
            Endpoint endpoint = wishes.placed(described);
            Member member = members.get(endpoint.id());
            if (member == null || !sameAddress(member.endpoint(), endpoint)) {
                member = new Member(endpoint, weight, loops);
                joined.add(member);
                member.judge(config.admission().firstVerdict());
                member.rest(adminStateOf(endpoint, options));
                wishes.applyTo(member);
                if (!members.isEmpty()) {
                    slowStarts.begin(endpoint.id(), clock.nanoTime());
                }
            } else {
                EndpointOptions before = EndpointOptions.parse(member.endpoint().options());
                if (disabled(options, config.disabled()) != disabled(before, disabled)) {
                    rest(member, adminStateOf(endpoint, options));
                }
                member.describe(endpoint, weight);
            }
            member.follow(leaders.appoint(endpoint, trackOf(options)));
            member.number(numbers.of(endpoint.id()));
            member.encrypt(OwnOptions.tls(endpoint.options(), tls, encryption));
            next.put(endpoint.id(), member);
        }
        for (Member member : members.values()) {
            member.retire(next.get(member.id()) != member);
        }
        disabled = config.disabled();
        slowStarts.apply(next, config.admission(), clock.nanoTime());
        limit(next.values());
        observation.apply(config.observe(), next.values());
        return next;
    }

    private static boolean sameAddress(Endpoint some, Endpoint other) {
        return some.port() == other.port() && some.host().equals(other.host());
    }

    /** Checks do not go on in maintenance, so that what they concluded before it means nothing after it. */
    private void rest(Member member, AdminState state) {
        AdminState before = member.adminState();
        if (before == AdminState.MAINT && state != AdminState.MAINT) {
            member.judge(config.admission().firstVerdict());
        }
        member.rest(state);
        if (before != AdminState.MAINT && state == AdminState.MAINT) {
            endings.onDown(member, config.marking(), clock.nanoTime());
        } else if (before == AdminState.MAINT && state != AdminState.MAINT) {
            endings.onUp(member, config.marking(), members.values());
        }
    }

    /** What an operator wants counts more than what the registry says. */
    private AdminState adminStateOf(Endpoint endpoint, EndpointOptions options) {
        AdminState otherwise = disabled(options, config.disabled()) ? AdminState.MAINT : AdminState.READY;
        return leaders.with(endpoint.id(), wishes.stateOf(endpoint.id(), otherwise));
    }

    private @Nullable Track trackOf(EndpointOptions options) {
        String own = options.track();
        return own == null ? config.track() : Track.parse(own);
    }

    private static boolean disabled(EndpointOptions options, boolean otherwise) {
        Boolean own = options.disabled();
        return own == null ? otherwise : own;
    }

    /** Gives members their limits; in a pool where nobody ever had one, members stay without. */
    private void limit(Collection<Member> next) {
        QueueConfig queue = config.queue();
        boolean anyLimit = next.stream().anyMatch(member -> queue.maxConnections(member.endpoint()) != Slots.UNLIMITED);
        if (line == null && anyLimit) {
            line = new WaitingLine(clock);
        }
        WaitingLine waiting = line;
        if (waiting != null) {
            waiting.configure(queue, config.upstream());
            next.forEach(member ->
                    member.limit(queue.maxConnections(member.endpoint()), queue.maxWaiting(member.endpoint())));
        }
        limited = anyLimit;
    }

    private void showLine(PoolSnapshot published) {
        WaitingLine waiting = line;
        if (waiting != null) {
            waiting.onSnapshot(published);
        }
    }

    private PoolSnapshot freeze(long version, String cause) {
        List<Member> all = List.copyOf(members.values());
        List<Member> eligible = eligible(all);
        sticky = StickyMembers.of(config.sticky(), all, eligible, sticky);
        return new PoolSnapshot(
                version,
                cause,
                clock.wallMillis(),
                all,
                passedOver(),
                eligible,
                balancer.pickerFor(eligible),
                config.upstream(),
                config.balance().key(),
                config.access(),
                limited ? line : null,
                MemberEncryption.of(encryption, all),
                sticky);
    }

    /** Backups serve when no primary passes; members that do not pass serve in a panic, and never before backups. */
    private List<Member> eligible(List<Member> all) {
        List<Member> primaries = new ArrayList<>(all.size());
        List<Member> passing = new ArrayList<>(all.size());
        List<Member> backups = new ArrayList<>();
        for (Member member : all) {
            if (member.backup() && member.eligible()) {
                backups.add(member);
            } else if (!member.backup() && member.wanted()) {
                primaries.add(member);
                if (member.eligible()) {
                    passing.add(member);
                }
            }
        }
        if (passing.isEmpty() && !backups.isEmpty()) {
            return config.allBackups() ? backups : backups.subList(0, 1);
        }
        return config.admission().panics(passing.size(), primaries.size()) ? primaries : passing;
    }

    private void remember(PoolSnapshot after) {
        changes.addLast(new PoolChange(
                after.version(),
                after.cause(),
                after.atMillis(),
                after.members().size(),
                after.eligible().size()));
        if (changes.size() > HISTORY) {
            changes.removeFirst();
        }
        history = List.copyOf(changes);
    }
}
