package io.myelin.health.plugin;

import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import io.grpc.netty.NettyChannelBuilder;
import io.myelin.model.Clock;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connects to plugins by grpc-java, all on the same event loops. Safe from any thread. */
final class GrpcDialer implements PluginLink.Dialer {
    /** Servers in Go cut those who ask more than once in five minutes whether they are there. */
    private static final int KEEP_ALIVE_MINUTES = 6;

    private static final int KEEP_ALIVE_ANSWER_SECONDS = 20;
    private static final int MESSAGE_LIMIT = 16 * 1024 * 1024;
    private static final int MAX_PORT = 65_535;

    static {
        NameResolverRegistry.getDefaultRegistry().register(new LooseNames());
    }

    private final PluginThreads threads;
    private final Clock clock;
    private final CallLedger ledger;
    private volatile Settings settings;

    /**
     * How connections are made from now on.
     *
     * @param timeout of one call
     * @param tls {@code null} for none
     * @param serverName expected in certificates, {@code null} for the host of each address
     */
    record Settings(
            Duration timeout,
            @Nullable SslContext tls,
            @Nullable String serverName) {}

    GrpcDialer(PluginThreads threads, Settings settings, Clock clock, CallLedger ledger) {
        this.threads = threads;
        this.settings = settings;
        this.clock = clock;
        this.ledger = ledger;
    }

    @Override
    public PluginLink open(PluginAddress address, PluginLink.Outcomes outcomes) {
        return new GrpcLink(address, this, outcomes);
    }

    @Override
    public void close() {
        threads.close();
    }

    @Override
    public void settings(Settings now) {
        settings = now;
    }

    Duration timeout() {
        return settings.timeout();
    }

    PluginThreads threads() {
        return threads;
    }

    Clock clock() {
        return clock;
    }

    CallLedger ledger() {
        return ledger;
    }

    /**
     * Returns a connection that is made when it is used.
     *
     * @throws IllegalArgumentException if there can be no such address
     */
    ManagedChannel connect(PluginAddress address) {
        Settings now = settings;
        NettyChannelBuilder builder = address.protocol() == PluginAddress.Protocol.UNIX ? unix(address) : tcp(address);
        String name = now.serverName();
        if (name != null) {
            builder.overrideAuthority(name);
        }
        SslContext tls = now.tls();
        if (tls == null) {
            builder.usePlaintext();
        } else {
            builder.sslContext(tls);
        }
        return builder.eventLoopGroup(threads.group())
                .directExecutor()
                .offloadExecutor(threads.resolvers())
                .disableRetry()
                .disableServiceConfigLookUp()
                .proxyDetector(target -> null)
                .keepAliveTime(KEEP_ALIVE_MINUTES, TimeUnit.MINUTES)
                .keepAliveTimeout(KEEP_ALIVE_ANSWER_SECONDS, TimeUnit.SECONDS)
                .maxInboundMessageSize(MESSAGE_LIMIT)
                .userAgent("myelin")
                .build();
    }

    private NettyChannelBuilder unix(PluginAddress address) {
        String path = address.text().substring("unix:".length());
        return NettyChannelBuilder.forAddress(threads.unixAddress(path))
                .overrideAuthority("localhost")
                .channelType(threads.unixSockets())
                // gRPC asks for it, and sockets in the file system do not know it.
                .withOption(ChannelOption.SO_KEEPALIVE, null);
    }

    private NettyChannelBuilder tcp(PluginAddress address) {
        int colon = address.text().lastIndexOf(':');
        int port = portOf(address.text(), colon);
        String host = address.text().substring(0, colon);
        return builder(host, port).channelType(threads.sockets());
    }

    private static NettyChannelBuilder builder(String host, int port) {
        if (NetUtil.createByteArrayFromIpAddressString(host) != null) {
            return NettyChannelBuilder.forAddress(
                    new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(host), port));
        }
        return LooseNames.needed(host)
                ? NettyChannelBuilder.forTarget(LooseNames.target(host, port))
                : NettyChannelBuilder.forAddress(host, port);
    }

    private static int portOf(String text, int colon) {
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon > 0 && port > 0 && port <= MAX_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("address " + text + " (expected: host:port)", e);
        }
        throw new IllegalArgumentException("address " + text + " (expected: host:port)");
    }
}
