package io.myelin.admin;

import io.myelin.httpd.AnswerPipeline;
import io.myelin.httpd.ClientLimits;
import io.myelin.model.Clock;
import io.myelin.server.BindAddress;
import io.myelin.tls.CurrentIdentity;
import io.myelin.tls.MalformedPemException;
import io.myelin.tls.TlsConfig;
import io.myelin.tls.TlsStatus;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operators' HTTP listener, on a thread of its own so that it answers while the data path is saturated.
 *
 * <p>It listens from {@link #start} to {@link #close}, before and independently of any service.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminServer.class);
    private static final long STOP_LIMIT_SECONDS = 5;

    private final EventLoopGroup group;
    private final Channel listener;
    private final CurrentIdentity tls;

    private AdminServer(EventLoopGroup group, Channel listener, CurrentIdentity tls) {
        this.group = group;
        this.listener = listener;
        this.tls = tls;
    }

    /**
     * Listens at {@code address}; returns once requests are answered.
     *
     * @throws AdminBindException if the address is taken, unknown or not allowed
     */
    public static AdminServer start(BindAddress address, ProcessView view, Clock clock) throws AdminBindException {
        return start(address, view, null, clock);
    }

    /**
     * Listens at {@code address}; returns once requests are answered.
     *
     * @param token what those must know who change something, {@code null} to take changes from this host only
     * @throws AdminBindException if the address is taken, unknown or not allowed
     */
    public static AdminServer start(BindAddress address, ProcessView view, @Nullable String token, Clock clock)
            throws AdminBindException {
        return start(address, view, new ChangeRule(token), clock, pipeline -> {});
    }

    /**
     * The same with more to answer.
     *
     * @param changes who may change something
     * @param further adds what answers some requests to the pipeline of each connection, before the handler
     *     {@code answer}
     */
    public static AdminServer start(
            BindAddress address, ProcessView view, ChangeRule changes, Clock clock, Consumer<ChannelPipeline> further)
            throws AdminBindException {
        return start(address, AdminRoutes.of(view, clock), changes, clock, ClientLimits.DEFAULT, further);
    }

    static AdminServer start(BindAddress address, Router router, Clock clock, ClientLimits limits)
            throws AdminBindException {
        return start(address, router, new ChangeRule(null), clock, limits, pipeline -> {});
    }

    private static AdminServer start(
            BindAddress address,
            Router router,
            ChangeRule changes,
            Clock clock,
            ClientLimits limits,
            Consumer<ChannelPipeline> further)
            throws AdminBindException {
        AnswerPipeline answers = new AnswerPipeline(limits, new AdminAnswers(router, changes), clock);
        InetSocketAddress socketAddress = resolve(address);
        CurrentIdentity tls = identity(address, clock);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, AdminServer::newThread, NioIoHandler.newFactory());
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        ChannelHandler encryption = tls.newHandler(channel.alloc());
                        if (encryption != null) {
                            channel.pipeline().addLast("tls", encryption);
                        }
                        channel.pipeline().addLast(answers);
                        further.accept(channel.pipeline());
                    }
                })
                .bind(socketAddress)
                .awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            stop(group);
            throw new AdminBindException(address, String.valueOf(cause.getMessage()), cause);
        }
        return new AdminServer(group, bound.channel(), tls);
    }

    private static CurrentIdentity identity(BindAddress address, Clock clock) throws AdminBindException {
        CurrentIdentity identity = new CurrentIdentity("admin", clock);
        try {
            identity.change(address.options().tls());
            return identity;
        } catch (MalformedPemException e) {
            throw new AdminBindException(address, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Lets connections to come begin as {@code config} says, {@code null} for plain text. One thread at a time.
     *
     * @throws MalformedPemException if a file cannot be used; what was goes on
     */
    public void encrypt(@Nullable TlsConfig config) throws MalformedPemException {
        tls.change(config);
    }

    /** Takes up files of certificates that have changed. Control thread. */
    public void refresh() {
        tls.refresh();
    }

    /** Returns how TLS stands, {@code null} for plain text; any thread. */
    public @Nullable TlsStatus tls() {
        return tls.status();
    }

    /** Returns the address that it listens on, with the real port. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Closes the listener and every connection; returns once the thread has stopped. */
    @Override
    public void close() {
        stop(group);
    }

    private static Thread newThread(Runnable task) {
        Thread thread = new FastThreadLocalThread(task, "admin");
        thread.setDaemon(true);
        return thread;
    }

    private static InetSocketAddress resolve(BindAddress address) throws AdminBindException {
        if (address.host().equals("*")) {
            return new InetSocketAddress(address.port());
        }
        InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
            throw new AdminBindException(address, "unknown host " + address.host(), null);
        }
        return resolved;
    }

    private static void stop(EventLoopGroup group) {
        boolean stopped = group.shutdownGracefully(0, STOP_LIMIT_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(STOP_LIMIT_SECONDS, TimeUnit.SECONDS);
        if (!stopped) {
            log.warn("Admin thread did not stop in time: limit={}s", STOP_LIMIT_SECONDS);
        }
    }
}
