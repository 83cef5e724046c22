package io.myelin.launcher.demo;

import io.myelin.model.RandomSource;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What happens in the demo, in order and over again: an endpoint deregisters, another dies without a word, both return,
 * a new one joins and leaves. Chance decides only to whom it happens. Used by one thread at a time.
 */
final class DemoScript {
    private final DemoWorld world;
    private final RandomSource random;
    private final String adminUrl;
    private final List<Act> acts = List.of(this::deregister, this::die, this::comeBack, this::join, this::leave);
    private final AtomicInteger next = new AtomicInteger();
    private volatile @Nullable DemoEndpoint resting;
    private volatile @Nullable DemoEndpoint dead;
    private volatile @Nullable DemoEndpoint guest;

    DemoScript(DemoWorld world, RandomSource random, String adminUrl) {
        this.world = world;
        this.random = random;
        this.adminUrl = adminUrl;
    }

    /** Makes the next event happen and returns what happened, for people. */
    String play() throws IOException {
        return acts.get(next.getAndIncrement() % acts.size()).play();
    }

    /** Returns whether every event has happened equally often. */
    boolean ended() {
        return next.get() % acts.size() == 0;
    }

    private String deregister() {
        DemoEndpoint endpoint = anyOf(anyService());
        endpoint.deregister();
        resting = endpoint;
        return endpoint.name() + " deregistered; it still serves, but new work stops within milliseconds: "
                + look(endpoint.service());
    }

    private String die() {
        DemoEndpoint endpoint = anyOf(anyServiceBut(resting));
        endpoint.die();
        dead = endpoint;
        return endpoint.name() + " died and is still registered; no request fails, and checks take it down: "
                + look(endpoint.service());
    }

    private String comeBack() throws IOException {
        DemoEndpoint registered = resting;
        DemoEndpoint revived = dead;
        resting = null;
        dead = null;
        if (registered == null || revived == null) {
            return "nobody is away";
        }
        registered.register();
        revived.revive();
        return registered.name() + " registered again and " + revived.name()
                + " is alive again; two checks bring it up: " + look(revived.service());
    }

    private String join() throws IOException {
        DemoService service = anyService();
        DemoEndpoint endpoint = world.join(service, service.endpoints() + 1);
        guest = endpoint;
        return endpoint.name() + " is new and takes its share at once: " + look(service);
    }

    private String leave() {
        DemoEndpoint endpoint = guest;
        guest = null;
        if (endpoint == null) {
            return "nobody is new";
        }
        world.leave(endpoint);
        return endpoint.name() + " left for good: " + adminUrl + "/api/v1/services/"
                + endpoint.service().name();
    }

    private DemoService anyService() {
        return world.services().get(random.below(world.services().size()));
    }

    /** Two troubles at once hit two services, so that each keeps an endpoint that works. */
    private DemoService anyServiceBut(@Nullable DemoEndpoint spared) {
        List<DemoService> others = world.services().stream()
                .filter(service -> spared == null || !service.equals(spared.service()))
                .toList();
        return others.get(random.below(others.size()));
    }

    private DemoEndpoint anyOf(DemoService service) {
        List<DemoEndpoint> endpoints = world.endpointsOf(service);
        return endpoints.get(random.below(endpoints.size()));
    }

    private static String look(DemoService service) {
        return CurlLines.of(service);
    }

    /** One event. */
    private interface Act {
        String play() throws IOException;
    }
}
