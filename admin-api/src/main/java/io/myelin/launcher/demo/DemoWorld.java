package io.myelin.launcher.demo;

import io.myelin.model.Protocol;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Everything around the demo's proxy: a registry, services with their endpoints, and the configuration file. */
final class DemoWorld implements AutoCloseable {
    private static final int SERVICE_PORTS = 8001;
    private static final int FRONTEND_PORT = 8080;
    private static final int ADMIN_PORT = 9901;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("demo", true), NioIoHandler.newFactory());
    private final Registry registry;
    private final List<DemoService> services;
    private final List<DemoEndpoint> endpoints = new CopyOnWriteArrayList<>();
    private final int frontendPort;
    private final Path file;

    /** Starts the registry and every endpoint, and writes the configuration. */
    DemoWorld() throws IOException {
        FreePorts ports = new FreePorts();
        services = List.of(
                new DemoService("web", Protocol.HTTP, 3, ports.from(SERVICE_PORTS)),
                new DemoService("api", Protocol.HTTP, 2, ports.from(SERVICE_PORTS + 1)),
                new DemoService("echo", Protocol.TCP, 2, ports.from(SERVICE_PORTS + 2)));
        frontendPort = ports.from(FRONTEND_PORT);
        registry = new Registry();
        for (DemoService service : services) {
            for (int number = 1; number <= service.endpoints(); number++) {
                join(service, number);
            }
        }
        DemoConfig config = new DemoConfig(services, frontendPort, ports.from(ADMIN_PORT), registry.connectString());
        file = Files.createTempDirectory("myelin-demo").resolve("synapse.yaml");
        Files.writeString(file, config.text());
    }

    Path file() {
        return file;
    }

    int frontendPort() {
        return frontendPort;
    }

    List<DemoService> services() {
        return services;
    }

    List<DemoEndpoint> endpointsOf(DemoService service) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.service().equals(service))
                .toList();
    }

    /** Adds an endpoint to {@code service}. */
    DemoEndpoint join(DemoService service, int number) throws IOException {
        DemoEndpoint endpoint = DemoEndpoint.appear(service, service.name() + "-" + number, group, registry);
        endpoints.add(endpoint);
        return endpoint;
    }

    /** Removes an endpoint for good. */
    void leave(DemoEndpoint endpoint) {
        endpoints.remove(endpoint);
        endpoint.close();
    }

    @Override
    public void close() throws IOException {
        endpoints.forEach(DemoEndpoint::close);
        registry.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        Files.deleteIfExists(file);
        Path directory = file.getParent();
        if (directory != null) {
            Files.deleteIfExists(directory);
        }
    }
}
