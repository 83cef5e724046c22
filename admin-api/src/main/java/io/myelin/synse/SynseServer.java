package io.myelin.synse;

import io.myelin.httpd.AnswerPipeline;
import io.myelin.httpd.ClientLimits;
import io.myelin.httpd.OperatorLoop;
import io.myelin.model.Clock;
import io.myelin.server.BindAddress;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
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

    private SynseServer(OperatorLoop loop, Channel listener) {
        this.loop = loop;
        this.listener = listener;
    }

    /**
     * Listens at {@code address}; returns once requests are answered.
     *
     * @param tls makes the handler that encrypts a connection, {@code null} to speak in the clear; asked on the event
     *     loop
     * @throws IOException if the address is taken, unknown or not allowed; the message says why
     */
    public static SynseServer start(
            BindAddress address, SynseApi api, @Nullable Function<ByteBufAllocator, ChannelHandler> tls, Clock clock)
            throws IOException {
        AnswerPipeline answers = new AnswerPipeline(LIMITS, api, clock);
        OperatorLoop loop = new OperatorLoop("synse");
        try {
            Channel listener = loop.listen(resolve(address), new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    if (tls != null) {
                        channel.pipeline().addLast("tls", tls.apply(channel.alloc()));
                    }
                    channel.pipeline().addLast(answers);
                    api.addStreamsTo(channel.pipeline());
                }
            });
            listener.eventLoop()
                    .scheduleWithFixedDelay(
                            api::rebuildDevices, 0, api.rebuildEvery().toNanos(), TimeUnit.NANOSECONDS);
            return new SynseServer(loop, listener);
        } catch (IOException e) {
            loop.close();
            throw new IOException("Synse's API cannot listen at " + address + ": " + e.getMessage(), e);
        }
    }

    /** Returns the address that it listens on, with the real port. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
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
