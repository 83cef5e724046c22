package io.myelin.health.plugin;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.myelin.health.plugin.PluginChoice.NoPluginException;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A listener that hands every call of {@code synse.V3Plugin} on to the active plugin that the caller chooses, by the
 * header {@code x-synse-plugin} (an id), the header {@code x-synse-tag}, or either of them as the authority.
 *
 * <p>Messages, metadata, deadlines, statuses and cancellation pass both ways as they come, no faster than the other
 * side takes them; what messages say is not looked at. Without such a plugin calls end with {@code NOT_FOUND}, with one
 * that is inactive or disabled with {@code UNAVAILABLE} and the reason. How calls end makes plugins active and
 * inactive.
 */
public final class PassThrough implements AutoCloseable {
    private static final String SERVICE = "synse.V3Plugin/";
    private static final int MESSAGE_LIMIT = 16 * 1024 * 1024;
    private static final long STOP_LIMIT_MILLIS = 2_000;
    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new ByteMarshaller();

    private final Server server;

    private PassThrough(Server server) {
        this.server = server;
    }

    /**
     * Begins to listen.
     *
     * @param plugins that are called; to be closed after this
     * @throws IOException if the address cannot be listened at; the message names it
     */
    public static PassThrough open(PluginRegistry plugins, PassThroughConfig config) throws IOException {
        PluginThreads threads = plugins.threads();
        PluginChoice choice = new PluginChoice(plugins);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(config.address())
                .bossEventLoopGroup(threads.group())
                .workerEventLoopGroup(threads.group())
                .channelType(threads.listeners())
                .directExecutor()
                .maxInboundMessageSize(MESSAGE_LIMIT)
                .fallbackHandlerRegistry(new EveryMethod(choice));
        SslContext tls = config.tls();
        if (tls != null) {
            builder.sslContext(tls);
        }
        return new PassThrough(builder.build().start());
    }

    /** Returns the address that is listened at. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.getListenSockets().get(0);
    }

    /** Takes no more calls from now on; those that there are go on until {@link #close}. Idempotent. */
    public void drain() {
        server.shutdown();
    }

    /** Takes no more calls, and cuts those that do not end within two seconds. Idempotent; waits. */
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(STOP_LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Knows every method of the service, whatever its messages. */
    private static final class EveryMethod extends HandlerRegistry {
        private final PluginChoice choice;

        private EveryMethod(PluginChoice choice) {
            this.choice = choice;
        }

        @Override
        public @Nullable ServerMethodDefinition<?, ?> lookupMethod(String method, @Nullable String authority) {
            if (!method.startsWith(SERVICE)) {
                return null;
            }
            MethodDescriptor<byte[], byte[]> descriptor = MethodDescriptor.newBuilder(BYTES, BYTES)
                    .setType(MethodDescriptor.MethodType.UNKNOWN)
                    .setFullMethodName(method)
                    .build();
            return ServerMethodDefinition.create(descriptor, new Handler(choice));
        }
    }

    /** Begins the call on the plugin for each call of a caller. */
    private static final class Handler implements ServerCallHandler<byte[], byte[]> {
        private final PluginChoice choice;

        private Handler(PluginChoice choice) {
            this.choice = choice;
        }

        @Override
        public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> caller, Metadata headers) {
            PluginLink link;
            try {
                link = choice.of(headers, caller.getAuthority());
            } catch (NoPluginException e) {
                caller.close(e.status(), new Metadata());
                return new ServerCall.Listener<>() {};
            }
            ClientCall<byte[], byte[]> plugin = link.relay(caller.getMethodDescriptor(), options());
            return RelayedCall.begin(caller, plugin, headers);
        }

        private static CallOptions options() {
            Deadline deadline = Context.current().getDeadline();
            return deadline == null ? CallOptions.DEFAULT : CallOptions.DEFAULT.withDeadline(deadline);
        }
    }
}
