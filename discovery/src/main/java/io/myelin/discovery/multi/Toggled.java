package io.myelin.discovery.multi;

import io.myelin.discovery.multi.ResolverConfig.Toggle;
import io.myelin.discovery.polling.Totals;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The source that was drawn by the weights in an object: Synapse's {@code s3_toggle}. */
@OwnedBy(Owner.REGISTRY)
final class Toggled implements Resolver {
    private static final Logger log = LoggerFactory.getLogger(Toggled.class);

    private final String service;
    private final Toggle config;
    private final Map<String, ChildState> children;
    private final Toggles toggles;
    private final Totals<MultiCount> counts;
    private ChildState current;

    /** Creates a choice that is {@code first} until something was drawn. */
    Toggled(
            String service,
            Toggle config,
            Map<String, ChildState> children,
            ChildState first,
            Toggles toggles,
            Totals<MultiCount> counts) {
        this.service = service;
        this.config = config;
        this.children = Map.copyOf(children);
        this.current = first;
        this.toggles = toggles;
        this.counts = counts;
    }

    @Override
    public void start(Runnable changed) {
        toggles.follow(config, this, drawn -> take(drawn, changed));
    }

    @Override
    public List<ChildState> serving(long nowNanos) {
        toggles.look(config, nowNanos);
        return List.of(current);
    }

    @Override
    public String title() {
        return "s3_toggle";
    }

    @Override
    public String error() {
        return toggles.error(config);
    }

    @Override
    public void close() {
        toggles.unfollow(config, this);
    }

    private void take(String drawn, Runnable changed) {
        ChildState child = children.get(drawn);
        if (child == null) {
            log.warn(
                    "An unknown source was drawn, the previous one goes on: service={} drawn={} known={}",
                    service,
                    drawn,
                    children.keySet());
        } else if (child != current) {
            log.info("Another source serves: service={} source={} instead_of={}", service, drawn, current.name());
            counts.increment(MultiCount.SWITCHES);
            current = child;
            changed.run();
        }
    }
}
