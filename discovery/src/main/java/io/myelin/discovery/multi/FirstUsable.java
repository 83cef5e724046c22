package io.myelin.discovery.multi;

import io.myelin.discovery.polling.Totals;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first source that is in touch with its registry and offers something: Synapse's {@code sequential}.
 *
 * <p>A source that was chosen and is lost is given a second to come back before another one takes its place; it is
 * chosen again as soon as it is back. When none is in touch, the first that offers something stays.
 */
@OwnedBy(Owner.REGISTRY)
final class FirstUsable implements Resolver {
    private static final Logger log = LoggerFactory.getLogger(FirstUsable.class);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();

    private final String service;
    private final List<ChildState> order;
    private final Totals<MultiCount> counts;
    private ChildState current;
    private boolean doubted;
    private long doubtedNanos;

    /** Creates a choice among {@code order}, the preferred one first. */
    FirstUsable(String service, List<ChildState> order, Totals<MultiCount> counts) {
        this.service = service;
        this.order = List.copyOf(order);
        this.counts = counts;
        this.current = order.get(0);
    }

    @Override
    public List<ChildState> serving(long nowNanos) {
        Optional<ChildState> usable = first(ChildState::usable);
        ChildState best =
                usable.or(() -> first(child -> !child.endpoints().isEmpty())).orElse(current);
        boolean preferred = usable.isPresent() && order.indexOf(best) < order.indexOf(current);
        if (best != current && (preferred || patienceIsOver(nowNanos))) {
            log.info("Another source serves: service={} source={} instead_of={}", service, best.name(), current.name());
            counts.increment(MultiCount.SWITCHES);
            current = best;
        }
        if (current.usable()) {
            doubted = false;
        }
        return List.of(current);
    }

    @Override
    public String title() {
        return "sequential";
    }

    /** Returns whether the chosen source has been lost for so long that another one is due. */
    private boolean patienceIsOver(long nowNanos) {
        if (current.usable()) {
            return false;
        }
        if (!doubted) {
            doubted = true;
            doubtedNanos = nowNanos;
        }
        return nowNanos - doubtedNanos >= PATIENCE_NANOS;
    }

    private Optional<ChildState> first(Predicate<ChildState> wanted) {
        return order.stream().filter(wanted).findFirst();
    }
}
