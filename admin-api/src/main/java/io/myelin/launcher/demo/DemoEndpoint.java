package io.myelin.launcher.demo;

import io.myelin.discovery.zookeeper.NerveRegistration;
import io.myelin.model.Endpoint;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint of a demo service: a listener and its registration, which can part ways. Used by one thread at a time.
 */
final class DemoEndpoint implements AutoCloseable {
    private final DemoService service;
    private final String name;
    private final EventLoopGroup group;
    private final NerveRegistration registration;
    private final int port;
    private volatile @Nullable DemoListener listener;

    private DemoEndpoint(
            DemoService service,
            String name,
            EventLoopGroup group,
            NerveRegistration registration,
            DemoListener first) {
        this.service = service;
        this.name = name;
        this.group = group;
        this.registration = registration;
        this.port = first.port();
        this.listener = first;
    }

    /** Starts listening and registers. */
    static DemoEndpoint appear(DemoService service, String name, EventLoopGroup group, Registry registry)
            throws IOException {
        DemoListener listener = DemoListener.open(group, service.protocol(), name, 0);
        NerveRegistration registration =
                registry.registration(service.path(), Endpoint.of(name, "127.0.0.1", listener.port()));
        registration.announce();
        return new DemoEndpoint(service, name, group, registration, listener);
    }

    DemoService service() {
        return service;
    }

    String name() {
        return name;
    }

    /** Deregisters and goes on serving whoever still comes. */
    void deregister() {
        registration.withdraw();
    }

    /** Registers again. */
    void register() {
        registration.announce();
    }

    /** Stops without a word to the registry. */
    void die() {
        DemoListener running = listener;
        listener = null;
        if (running != null) {
            running.close();
        }
    }

    /** Listens again where it did before. */
    void revive() throws IOException {
        if (listener == null) {
            listener = DemoListener.open(group, service.protocol(), name, port);
        }
    }

    /** Deregisters for good and stops. */
    @Override
    public void close() {
        registration.withdraw().thenRun(registration::close);
        die();
    }
}
