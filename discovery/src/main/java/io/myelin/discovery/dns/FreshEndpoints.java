package io.myelin.discovery.dns;

import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.polling.BackOff;
import io.myelin.discovery.polling.Totals;
import io.myelin.model.Endpoint;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A list of named endpoints, resolved and kept fresh: what a watcher of names consists of, and a stage behind any
 * registry that holds names.
 *
 * <p>Public methods queue their work on the loop of names and return at once; the listener is called there.
 */
@OwnedBy(Owner.REGISTRY)
public final class FreshEndpoints implements AutoCloseable {
    /*
     * Each question is asked again when its answer has expired. A question without an answer keeps the one it had, and
     * is asked again after pauses that double; one that never had any is unknown. The set is told once every question
     * was answered or failed, and whenever it differs from the one told before. It is only empty if every name was
     * answered about, and has nothing: what is unknown empties no pool.
     */
    private static final Logger log = LoggerFactory.getLogger(FreshEndpoints.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int LEAST_PERCENT_OF_TTL = 90;
    private static final int REASONS_TOLD = 3;

    private final RegistryLoop loop;
    private final Lookups lookups;
    private final Totals<DnsCount> totals;
    private final RandomSource random;
    private final DnsOptions options;
    private final Listener listener;
    private final Map<Question, Name> names = new HashMap<>();
    private List<NamedEndpoint> wanted = List.of();
    private @Nullable List<Endpoint> told;

    /** What is told, on the loop of names. */
    public interface Listener {
        /** The endpoints differ from those told before. */
        void onEndpoints(List<Endpoint> endpoints);

        /** What was told last is what name servers say; may repeat. */
        void onFresh();

        /** Some of what was told last is old, or something is missing from it; may repeat. */
        void onFailed(String error);
    }

    FreshEndpoints(
            RegistryLoop loop,
            Lookups lookups,
            Totals<DnsCount> totals,
            RandomSource random,
            DnsOptions options,
            Listener listener) {
        this.loop = loop;
        this.lookups = lookups;
        this.totals = totals;
        this.random = random;
        this.options = options;
        this.listener = listener;
    }

    /** Replaces what is resolved; what is known of names that stay is kept. */
    public void replace(List<NamedEndpoint> endpoints) {
        List<NamedEndpoint> next = List.copyOf(endpoints);
        loop.execute(() -> follow(next));
    }

    /** Asks nothing and tells nothing from the moment on when the loop gets to it. */
    @Override
    public void close() {
        loop.execute(() -> {
            names.values().forEach(Name::stop);
            names.clear();
            wanted = List.of();
        });
    }

    private void follow(List<NamedEndpoint> next) {
        wanted = next;
        Set<Question> questions = next.stream().map(NamedEndpoint::question).collect(Collectors.toSet());
        names.values().removeIf(name -> {
            if (questions.contains(name.question)) {
                return false;
            }
            name.stop();
            return true;
        });
        List<Name> added = new ArrayList<>();
        questions.forEach(question -> names.computeIfAbsent(question, asked -> {
            Name name = new Name(asked);
            added.add(name);
            return name;
        }));
        added.forEach(Name::ask);
        tell();
    }

    private void tell() {
        if (names.values().stream().anyMatch(name -> !name.settled)) {
            return;
        }
        boolean unknown = names.values().stream().anyMatch(name -> name.answer == null);
        List<Endpoint> endpoints = endpoints();
        if (!(unknown && endpoints.isEmpty()) && !endpoints.equals(told)) {
            told = endpoints;
            totals.increment(DnsCount.DELIVERIES);
            listener.onEndpoints(endpoints);
        }
        String error = names.values().stream()
                .map(name -> name.error)
                .filter(reason -> !reason.isEmpty())
                .sorted()
                .limit(REASONS_TOLD)
                .collect(Collectors.joining("; "));
        if (error.isEmpty()) {
            listener.onFresh();
        } else {
            listener.onFailed(error);
        }
    }

    private List<Endpoint> endpoints() {
        Set<Endpoint> endpoints = new LinkedHashSet<>();
        for (NamedEndpoint named : wanted) {
            Name name = names.get(named.question());
            Answer answer = name == null ? null : name.answer;
            if (answer != null) {
                answer.targets()
                        .forEach(target -> endpoints.add(named.endpoint().apply(target)));
            }
        }
        return endpoints.stream()
                .sorted(Comparator.comparing(Endpoint::address).thenComparing(Endpoint::name))
                .toList();
    }

    /** One question, what is known of it, and when it is asked again. */
    @OwnedBy(Owner.REGISTRY)
    private final class Name {
        private final Question question;
        private final BackOff backOff;
        private @Nullable Answer answer;
        private @Nullable Future<?> timer;
        private String error = "";
        private boolean settled;
        private boolean stopped;

        Name(Question question) {
            this.question = question;
            this.backOff = new BackOff(FIRST_PAUSE, options.checkInterval(), random);
        }

        void ask() {
            asked().whenComplete((found, failure) -> {
                if (!stopped) {
                    settle(found, failure);
                    tell();
                }
            });
        }

        private CompletableFuture<Answer> asked() {
            try {
                return lookups.lookUp(question);
            } catch (RuntimeException e) {
                log.warn("A name could not be asked about: name={}", question.host(), e);
                return CompletableFuture.failedFuture(e);
            }
        }

        void stop() {
            stopped = true;
            if (timer != null) {
                timer.cancel(false);
            }
        }

        private void settle(@Nullable Answer found, @Nullable Throwable failure) {
            settled = true;
            if (found == null) {
                Throwable cause = failure == null ? new IllegalStateException() : Lookups.unwrapped(failure);
                fail(cause instanceof DnsFailureException ? String.valueOf(cause.getMessage()) : cause.toString());
                return;
            }
            Answer merged = found.orFailing(answer);
            String reason = found.failure(answer);
            if (!merged.targets().isEmpty() || !merged.incomplete()) {
                answer = merged;
            }
            if (reason.isEmpty()) {
                succeed(found.ttlSeconds());
            } else {
                fail(reason);
            }
        }

        private void succeed(long ttlSeconds) {
            if (!error.isEmpty()) {
                log.info("A name is resolved again: name={}", question.host());
            }
            error = "";
            backOff.reset();
            Duration believed = options.believed(ttlSeconds);
            askAfter(BackOff.spread(believed, LEAST_PERCENT_OF_TTL, random));
        }

        private void fail(String reason) {
            totals.increment(DnsCount.FAILED_LOOKUPS);
            if (error.isEmpty()) {
                log.warn(
                        "A name cannot be resolved, serving what it meant: name={} reason={}", question.host(), reason);
            }
            error = reason;
            askAfter(backOff.next());
        }

        private void askAfter(Duration pause) {
            timer = loop.schedule(this::ask, pause);
        }
    }
}
