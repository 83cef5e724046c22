package io.myelin.health.plugin;

import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.myelin.testing.Await;
import io.myelin.testing.FreePorts;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A Synse plugin that does what a test wants: a gRPC server on loopback with devices, readings and writes, which can
 * refuse connections, keep silent, answer any status, be somebody else, and counts what reaches it.
 *
 * <p>Safe from any thread. All of them run on one event loop.
 */
public final class PluginEmulator implements AutoCloseable {
    /** Means every method. */
    public static final String EVERY_METHOD = "*";

    private static final String HANG = "hang";
    private static final int CONNECT_LIMIT_MILLIS = 1_000;
    private static final Attributes.Key<Boolean> COUNTED = Attributes.Key.create("counted");
    private static final EventLoopGroup LOOP = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("plugin-emulator", true), NioIoHandler.newFactory());

    private final EmulatedService service;
    private final @Nullable Path socket;
    private final @Nullable SslContext tls;
    private final Map<String, String> behaviours = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final Map<String, String> lastHeaders = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile @Nullable Server server;
    private volatile int port;

    private PluginEmulator(Builder builder) {
        this.service = new EmulatedService(builder.id, builder.tag);
        this.socket = builder.socket;
        this.tls = builder.tls;
        this.port = builder.port;
    }

    /** Starts a plugin with the id {@code id} and the tag {@code emulator/ID}, without devices, on a free port. */
    public static PluginEmulator start(String id) {
        return of(id).start();
    }

    /** Begins the description of a plugin with the id {@code id}. */
    public static Builder of(String id) {
        return new Builder(id);
    }

    /** Returns where it listens, or listened last. */
    public PluginAddress address() {
        Path file = socket;
        return file == null ? PluginAddress.tcp("127.0.0.1:" + port) : PluginAddress.unix(file.toString());
    }

    /** Returns its port, 0 if it listens on a Unix socket. */
    public int port() {
        return port;
    }

    /** Takes no more connections and cuts those that there are; what it knows stays. Idempotent. */
    public void down() {
        Server running = server;
        server = null;
        if (running == null) {
            return;
        }
        running.shutdownNow();
        try {
            if (!running.awaitTermination(20, TimeUnit.SECONDS)) {
                throw new AssertionError("the emulated plugin does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Await.until("connections of " + address().text() + " closed", () -> connections.get() == 0);
        // Java leaves a socket open that is closed until the selector that it was registered with looks again.
        Await.until("nobody listening at " + address().text(), () -> socket != null || refuses());
    }

    private boolean refuses() {
        try (Socket client = new Socket()) {
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_LIMIT_MILLIS);
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Listens again where it did. Idempotent. */
    public void up() {
        if (server != null) {
            return;
        }
        // The system may take a moment to give the address back.
        Server running = Await.found("listening at " + address().text(), this::listened);
        server = running;
        port = socket == null ? running.getPort() : 0;
    }

    private @Nullable Server listened() {
        Path file = socket;
        try {
            if (file == null) {
                // Nobody gets one of those by accident while this one is down.
                int chosen = port == 0 ? FreePorts.one() : port;
                return listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), chosen));
            }
            Files.deleteIfExists(file);
            return listen(UnixDomainSocketAddress.of(file));
        } catch (IOException e) {
            return null;
        }
    }

    /** Cuts all connections and listens on. */
    public void cut() {
        down();
        up();
    }

    /**
     * Lets calls end with a status.
     *
     * @param method such as {@code Read}, or {@link #EVERY_METHOD}
     * @param status a name of gRPC's, such as {@code NOT_FOUND}; {@code OK} with no answer
     */
    public void fail(String method, String status) {
        behaviours.put(method, Status.Code.valueOf(status).name());
    }

    /** Lets calls of {@code method}, or of {@link #EVERY_METHOD}, wait for ever. */
    public void hang(String method) {
        behaviours.put(method, HANG);
    }

    /** Lets {@code method}, or {@link #EVERY_METHOD}, be answered properly again. */
    public void answer(String method) {
        if (method.equals(EVERY_METHOD)) {
            behaviours.clear();
        } else {
            behaviours.put(method, "");
        }
    }

    /** Says to be somebody else from now on. */
    public void become(String id, String tag) {
        service.become(id, tag);
    }

    /** Says of its health from now on. */
    public void health(PluginHealth.Status status) {
        service.health(status);
    }

    /** Has a device, which replaces one with the same id, and what it shows. */
    public void device(Device device, Reading... readings) {
        service.device(device, List.of(readings));
    }

    /** Has the device no more. */
    public void remove(String device) {
        service.remove(device);
    }

    /** Lets writes have the status from now on; {@link Transaction.Status#DONE} at first. */
    public void writes(Transaction.Status status, String message) {
        service.writes(status, message);
    }

    /** Changes how far the write {@code transaction} has come. */
    public void progress(String transaction, Transaction.Status status, String message) {
        service.progress(transaction, status, message);
    }

    /** Sends {@code reading} into every open stream of readings whose selectors mean its device. */
    public void emit(Reading reading) {
        service.emit(reading);
    }

    /** Returns how many streams of readings are open. */
    public int streams() {
        return service.streams();
    }

    /** Ends all open streams of readings. */
    public void endStreams() {
        service.endStreams();
    }

    /** Returns what was written, oldest first, as {@code device action content}. */
    public List<String> written() {
        return service.written();
    }

    /** Returns how often {@code method} was called. */
    public int calls(String method) {
        AtomicInteger count = calls.get(method);
        return count == null ? 0 : count.get();
    }

    /** Returns how many calls there were. */
    public int calls() {
        return calls.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** Returns how many connections there are now. */
    public int connections() {
        return connections.get();
    }

    /** Returns how many connections there were since the beginning. */
    public int accepted() {
        return accepted.get();
    }

    /** Returns the header {@code name} of the last call that had it. */
    public @Nullable String lastHeader(String name) {
        return lastHeaders.get(name);
    }

    @Override
    public void close() {
        down();
        Path file = socket;
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private Server listen(SocketAddress address) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .bossEventLoopGroup(LOOP)
                .workerEventLoopGroup(LOOP)
                .channelType(socket == null ? NioServerSocketChannel.class : NioServerDomainSocketChannel.class)
                .directExecutor()
                .intercept(new Gatekeeper())
                .addTransportFilter(new Connections())
                .addService(service);
        SslContext context = tls;
        if (context != null) {
            builder.sslContext(context);
        }
        return builder.build().start();
    }

    /** What a plugin is before it starts. */
    public static final class Builder {
        private final String id;
        private String tag;
        private @Nullable Path socket;
        private @Nullable SslContext tls;
        private int port;

        private Builder(String id) {
            this.id = id;
            this.tag = "emulator/" + id;
        }

        public Builder tag(String value) {
            tag = value;
            return this;
        }

        /** Lets it listen on a Unix socket instead of a port. */
        public Builder unix(Path path) {
            socket = path;
            return this;
        }

        /** Lets it listen on the port; on a free one without this. */
        public Builder port(int value) {
            port = value;
            return this;
        }

        /**
         * Lets it speak TLS.
         *
         * @param certificate PEM file
         * @param key PEM file
         * @param clients PEM file with what vouches for clients, which must show a certificate then; {@code null} if
         *     none is asked for
         */
        public Builder tls(Path certificate, Path key, @Nullable Path clients) {
            try {
                SslContextBuilder context = GrpcSslContexts.forServer(certificate.toFile(), key.toFile());
                if (clients != null) {
                    context.trustManager(clients.toFile()).clientAuth(ClientAuth.REQUIRE);
                }
                tls = context.build();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return this;
        }

        /** Makes it without letting it listen; {@link PluginEmulator#up} does, and needs {@link #port} to be known. */
        public PluginEmulator prepare() {
            return new PluginEmulator(this);
        }

        public PluginEmulator start() {
            PluginEmulator plugin = prepare();
            plugin.up();
            return plugin;
        }
    }

    /** Counts calls, and lets through those that are to be answered properly. */
    private final class Gatekeeper implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String method = call.getMethodDescriptor().getBareMethodName();
            if (method == null) {
                throw new IllegalStateException(call.getMethodDescriptor().getFullMethodName());
            }
            note(method, headers);
            String behaviour = behaviours.getOrDefault(method, behaviours.getOrDefault(EVERY_METHOD, ""));
            if (behaviour.isEmpty()) {
                return next.startCall(call, headers);
            }
            if (!behaviour.equals(HANG)) {
                call.close(
                        Status.Code.valueOf(behaviour).toStatus().withDescription("emulated " + behaviour),
                        new Metadata());
            }
            return new ServerCall.Listener<>() {};
        }

        private void note(String method, Metadata headers) {
            calls.computeIfAbsent(method, name -> new AtomicInteger()).incrementAndGet();
            for (String name : headers.keys()) {
                if (!name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                    String value = headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
                    if (value != null) {
                        lastHeaders.put(name, value);
                    }
                }
            }
        }
    }

    /** Counts connections. */
    private final class Connections extends ServerTransportFilter {
        @Override
        public Attributes transportReady(Attributes attributes) {
            connections.incrementAndGet();
            accepted.incrementAndGet();
            return attributes.toBuilder().set(COUNTED, true).build();
        }

        @Override
        public void transportTerminated(@Nullable Attributes attributes) {
            if (attributes != null && attributes.get(COUNTED) != null) {
                connections.decrementAndGet();
            }
        }
    }
}
