package io.myelin.discovery.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.polling.PollException;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes HTTP requests, each on a connection of its own, with a limit on time and on the size of the answer.
 * Redirections are answers like any other.
 */
@OwnedBy(Owner.REGISTRY)
public final class HttpFetcher {
    /** Thousands of containers or tasks are a few megabytes. */
    private static final int MAX_BODY_BYTES = 16 << 20;

    private static final int LONGEST_LINE = 256 << 10;

    private final RegistryLoop loop;
    private final Duration timeout;
    private final int maxBodyBytes;
    /**
     * Unlike the JDK's resolver it does not block the loop; it reads the system's hosts file and search list. It ends
     * with the loop.
     */
    private @Nullable DnsAddressResolverGroup names;

    /** Creates a client whose requests take {@code timeout} at most, from connecting to the end of the answer. */
    public HttpFetcher(RegistryLoop loop, Duration timeout) {
        this(loop, timeout, MAX_BODY_BYTES);
    }

    HttpFetcher(RegistryLoop loop, Duration timeout, int maxBodyBytes) {
        this.loop = loop;
        this.timeout = timeout;
        this.maxBodyBytes = maxBodyBytes;
    }

    /**
     * Sends {@code call}; to be called on the loop, on which the answer comes.
     *
     * @param tls how an encrypted server is verified; not used for others
     * @return fails with a {@link PollException}
     */
    public CompletableFuture<HttpAnswer> send(HttpOrigin origin, HttpCall call, @Nullable SslContext tls) {
        CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
        ChannelFuture connecting;
        try {
            connecting = connect(origin, tls, pipeline -> {
                pipeline.addLast("whole", new HttpObjectAggregator(maxBodyBytes));
                pipeline.addLast("answer", new HttpAnswerHandler(origin, maxBodyBytes, answer));
            });
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(new PollException(origin + ": " + e.getMessage(), e));
        }
        Future<?> deadline = loop.schedule(
                () -> answer.completeExceptionally(
                        new PollException(origin + ": no answer in " + timeout.toMillis() + " ms")),
                timeout);
        answer.whenComplete((ignored, failure) -> {
            if (deadline != null) {
                deadline.cancel(false);
            }
            connecting.channel().close();
        });
        connecting.addListener(connected -> {
            if (connected.isSuccess()) {
                write(
                        connecting.channel(),
                        origin,
                        call,
                        failure -> answer.completeExceptionally(failed(origin, failure)));
            } else {
                answer.completeExceptionally(failed(origin, connected.cause()));
            }
        });
        return answer;
    }

    /**
     * Sends {@code call} and hands over the lines of the answer, which need not end; to be called on the loop. Only
     * connecting is limited in time.
     *
     * @param longestLine in bytes; a longer one ends it
     * @return ends it without another word; to be called on the loop
     */
    public Runnable follow(
            HttpOrigin origin, HttpCall call, @Nullable SslContext tls, Follower follower, int longestLine) {
        LinesHandler lines = new LinesHandler(follower, longestLine);
        ChannelFuture connecting;
        try {
            connecting = connect(origin, tls, pipeline -> pipeline.addLast("lines", lines));
        } catch (IllegalArgumentException e) {
            follower.onEnd(String.valueOf(e.getMessage()));
            return () -> {};
        }
        Channel channel = connecting.channel();
        connecting.addListener(connected -> {
            if (connected.isSuccess()) {
                write(channel, origin, call, failure -> channel.pipeline().fireExceptionCaught(failure));
            } else {
                lines.fail(String.valueOf(connected.cause().getMessage()));
            }
        });
        return () -> {
            lines.silence();
            channel.close();
        };
    }

    /** Does that, for lines of {@value #LONGEST_LINE} bytes at most. */
    Runnable follow(HttpOrigin origin, HttpCall call, @Nullable SslContext tls, Follower follower) {
        return follow(origin, call, tls, follower, LONGEST_LINE);
    }

    static PollException failed(HttpOrigin origin, Throwable cause) {
        String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new PollException(origin + ": " + text, cause);
    }

    private ChannelFuture connect(HttpOrigin origin, @Nullable SslContext tls, Consumer<ChannelPipeline> reader) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop.eventLoop())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(timeout.toMillis()))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        KeepAlive.on(channel);
                        fill(channel.pipeline(), origin, tls);
                        reader.accept(channel.pipeline());
                    }
                });
        if (origin.unix()) {
            SocketAddress path = UnixDomainSocketAddress.of(origin.host());
            return bootstrap
                    .channel(NioDomainSocketChannel.class)
                    .disableResolver()
                    .connect(path);
        }
        bootstrap.channel(NioSocketChannel.class);
        InetSocketAddress address = InetSocketAddress.createUnresolved(origin.host(), origin.port());
        HttpOrigin proxy = origin.proxy();
        return proxy == null ? bootstrap.resolver(names()).connect(address) : connect(bootstrap, address, proxy);
    }

    /** Connects through {@code proxy}, to which {@code address} is told as it is. */
    private ChannelFuture connect(Bootstrap bootstrap, InetSocketAddress address, HttpOrigin proxy) {
        Channel channel = bootstrap.register().channel();
        ChannelPromise connected = channel.newPromise();
        names().getResolver(loop.eventLoop())
                .resolve(InetSocketAddress.createUnresolved(proxy.host(), proxy.port()))
                .addListener(found -> {
                    if (found.isSuccess()) {
                        HttpProxyHandler tunnel = tunnel((SocketAddress) found.getNow(), proxy.userInfo());
                        channel.pipeline().addFirst("proxy", tunnel);
                        settle(connected, tunnel.connectFuture(), channel.connect(address));
                    } else {
                        connected.setFailure(found.cause());
                    }
                });
        return connected;
    }

    /** What is sent before the tunnel is there would get in the way of saying why there is none. */
    private static void settle(ChannelPromise connected, Future<Channel> tunnel, ChannelFuture proxy) {
        proxy.addListener(reached -> {
            if (!reached.isSuccess()) {
                connected.tryFailure(reached.cause());
            }
        });
        tunnel.addListener(made -> {
            if (made.isSuccess()) {
                connected.trySuccess();
            } else {
                connected.tryFailure(made.cause());
            }
        });
    }

    private HttpProxyHandler tunnel(SocketAddress proxy, String userInfo) {
        int colon = userInfo.indexOf(':');
        HttpProxyHandler handler = colon < 0
                ? new HttpProxyHandler(proxy)
                : new HttpProxyHandler(proxy, userInfo.substring(0, colon), userInfo.substring(colon + 1));
        handler.setConnectTimeoutMillis(timeout.toMillis());
        return handler;
    }

    private DnsAddressResolverGroup names() {
        DnsAddressResolverGroup current = names;
        if (current == null) {
            current = new DnsAddressResolverGroup(
                    NioDatagramChannel.class, DnsServerAddressStreamProviders.platformDefault());
            names = current;
        }
        return current;
    }

    private static void fill(ChannelPipeline pipeline, HttpOrigin origin, @Nullable SslContext tls) {
        if (origin.tls() && tls != null) {
            pipeline.addLast("tls", tls.newHandler(pipeline.channel().alloc(), origin.host(), origin.port()));
        }
        pipeline.addLast("codec", new HttpClientCodec());
    }

    private static void write(Channel channel, HttpOrigin origin, HttpCall call, Consumer<Throwable> onFailure) {
        byte[] body = call.body().getBytes(UTF_8);
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.valueOf(call.method()), call.path(), Unpooled.wrappedBuffer(body));
        call.headers().forEach((name, value) -> request.headers().set(name, value));
        request.headers()
                .set(HttpHeaderNames.HOST, origin.authority())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (body.length > 0) {
            request.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        if (!origin.userInfo().isEmpty()) {
            String credentials =
                    Base64.getEncoder().encodeToString(origin.userInfo().getBytes(UTF_8));
            request.headers().set(HttpHeaderNames.AUTHORIZATION, "Basic " + credentials);
        }
        channel.writeAndFlush(request).addListener(written -> {
            if (!written.isSuccess()) {
                onFailure.accept(written.cause());
            }
        });
    }
}
