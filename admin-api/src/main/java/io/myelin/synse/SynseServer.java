package io.myelin.synse;

import io.myelin.httpd.AnswerPipeline;
import io.myelin.httpd.ClientLimits;
import io.myelin.httpd.ListenerEvent;
import io.myelin.httpd.OperatorLoop;
import io.myelin.model.Clock;
import io.myelin.server.BindAddress;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The listener of Synse's API, on a thread of its own, {@code synse}, which never waits for a plugin.
 *
 * <p>It listens from {@link #start} to {@link #close}, before and independently of any plugin.
 */
public final class SynseServer implements AutoCloseable {
    /** For the clients of devices, who are more than operators: a minute for a request, as in Synse Server. */
    private static final ClientLimits LIMITS =
            new ClientLimits(1_024, Duration.ofSeconds(60), Duration.ofSeconds(60), 1 << 20, 256);

    private final OperatorLoop loop;
    private final Channel listener;
    private final ChannelGroup connections;

    private SynseServer(OperatorLoop loop, Channel listener, ChannelGroup connections) {
        this.loop = loop;
        this.listener = listener;
        this.connections = connections;
    }

    /**
     * Listens at {@code address}; returns once requests are answered.
     *
     * @param tls makes the handler that encrypts a connection, {@code null} for one in the clear; asked on the event
     *     loop
     * @throws IOException if the address is taken, unknown or not allowed; the message says why
     */
    public static SynseServer start(
            BindAddress address, SynseApi api, Function<ByteBufAllocator, @Nullable ChannelHandler> tls, Clock clock)
            throws IOException {
        AnswerPipeline answers = new AnswerPipeline(LIMITS, api, clock);
        OperatorLoop loop = new OperatorLoop("synse");
        ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
        try {
            Channel listener = loop.listen(resolve(address), new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    connections.add(channel);
                    ChannelHandler encryption = tls.apply(channel.alloc());
                    if (encryption != null) {
                        channel.pipeline().addLast("tls", encryption);
                    }
                    channel.pipeline().addLast(answers);
                    api.addStreamsTo(channel.pipeline());
                }
            });
            listener.eventLoop()
                    .scheduleWithFixedDelay(
                            api::rebuildDevices, 0, api.rebuildEvery().toNanos(), TimeUnit.NANOSECONDS);
            return new SynseServer(loop, listener, connections);
        } catch (IOException e) {
            loop.close();
            throw new IOException("Synse's API cannot listen at " + address + ": " + e.getMessage(), e);
        }
    }

    /** Returns the address that it listens on, with the real port. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /**
     * Takes no more connections and lets those that there are end with what is under way on them; what is asked for
     * without end, such as streams of readings, ends at once.
     *
     * @param limit after which the others are cut
     * @return completes when none is left, with how many were cut
     */
    public CompletionStage<Integer> drain(Duration limit) {
        CompletableFuture<Integer> over = new CompletableFuture<>();
        listener.eventLoop().execute(() -> {
            listener.close();
            connections.forEach(each -> each.pipeline().fireUserEventTriggered(ListenerEvent.CLOSING));
            Future<?> cut = listener.eventLoop().schedule(() -> cut(over), limit.toNanos(), TimeUnit.NANOSECONDS);
            connections.newCloseFuture().addListener(closed -> {
                cut.cancel(false);
                over.complete(0);
            });
        });
        return over;
    }

    private void cut(CompletableFuture<Integer> over) {
        over.complete(connections.size());
        connections.close();
    }

    /** Closes the listener and every connection; returns once the thread has stopped. */
    @Override
    public void close() {
        loop.close();
    }

    private static InetSocketAddress resolve(BindAddress address) throws IOException {
        if (address.host().equals("*")) {
            return new InetSocketAddress(address.port());
        }
        InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
            throw new IOException("unknown host " + address.host());
        }
        return resolved;
    }
}
