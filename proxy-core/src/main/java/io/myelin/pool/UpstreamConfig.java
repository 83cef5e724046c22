package io.myelin.pool;

import io.myelin.model.MemberTls;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.ProxyVersion;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the proxy talks to the members of one pool. {@link Duration#ZERO} means no limit wherever a time is asked for.
 *
 * @param connectTimeout how long a connection may take to stand
 * @param serverTimeout how long a member may stay silent while a request or tunnel waits for it
 * @param keepAliveTimeout how long a connection may sit unused before it is closed; shorter than the members' own limit
 * @param maxIdlePerLoop how many unused connections each event loop keeps to one member, at least 0; below what is in
 *     flight at busy moments, connections are closed and opened all the time, which costs more than keeping them
 * @param retries how many further attempts a failed connection gets, at least 0
 * @param redispatch whether a further attempt goes to another member at once, instead of to the same one after a second
 * @param tunnelTimeout how long both sides of a tunnel may stay silent, be it of TCP or after an upgrade of HTTP;
 *     {@code null} for the limits that hold elsewhere
 * @param sendProxy how members are told who their client is
 * @param tcpKeepAlive whether the kernel probes silent connections to members
 * @param source the address that connections come from, port 0 for any; {@code null} for one that the kernel chooses
 * @param retryRules which further attempts a request gets that a member was sent
 * @param maxResponseHeadBytes how long a member's status line and header fields may be together
 * @param connect whether CONNECT requests are passed on, for members that are proxies themselves
 * @param tls how connections are encrypted, unless a member's own options say otherwise
 */
public record UpstreamConfig(
        Duration connectTimeout,
        Duration serverTimeout,
        Duration keepAliveTimeout,
        int maxIdlePerLoop,
        int retries,
        boolean redispatch,
        @Nullable Duration tunnelTimeout,
        ProxyVersion sendProxy,
        boolean tcpKeepAlive,
        @Nullable InetSocketAddress source,
        RetryRules retryRules,
        int maxResponseHeadBytes,
        boolean connect,
        MemberTls tls) {
    /** The defaults of a natively configured service. */
    public static final UpstreamConfig DEFAULT = new UpstreamConfig(
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            4_096,
            3,
            true,
            null,
            ProxyVersion.OFF,
            false,
            null,
            RetryRules.DEFAULT,
            64 * 1024,
            false,
            MemberTls.OFF);

    public UpstreamConfig {
        requireNotNegative("connect_timeout", connectTimeout);
        requireNotNegative("server_timeout", serverTimeout);
        requireNotNegative("keep_alive_timeout", keepAliveTimeout);
        if (tunnelTimeout != null) {
            requireNotNegative("tunnel_timeout", tunnelTimeout);
        }
        if (maxIdlePerLoop < 0) {
            throw new IllegalArgumentException("max_idle: " + maxIdlePerLoop + " (expected: >= 0)");
        }
        if (retries < 0) {
            throw new IllegalArgumentException("retries: " + retries + " (expected: >= 0)");
        }
        if (maxResponseHeadBytes < 1) {
            throw new IllegalArgumentException("response_head: " + maxResponseHeadBytes + " (expected: >= 1)");
        }
    }

    private static void requireNotNegative(String key, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: >= 0)");
        }
    }

    /** Returns a builder that begins with these settings. */
    public Builder with() {
        return new Builder(this);
    }

    /** Changes some of the settings and keeps the others. */
    @OwnedBy(Owner.BUILDER)
    public static final class Builder {
        private Duration connectTimeout;
        private Duration serverTimeout;
        private Duration keepAliveTimeout;
        private int maxIdlePerLoop;
        private int retries;
        private boolean redispatch;
        private @Nullable Duration tunnelTimeout;
        private ProxyVersion sendProxy;
        private boolean tcpKeepAlive;
        private @Nullable InetSocketAddress source;
        private RetryRules retryRules;
        private int maxResponseHeadBytes;
        private boolean connect;
        private MemberTls tls;

        private Builder(UpstreamConfig settings) {
            connectTimeout = settings.connectTimeout;
            serverTimeout = settings.serverTimeout;
            keepAliveTimeout = settings.keepAliveTimeout;
            maxIdlePerLoop = settings.maxIdlePerLoop;
            retries = settings.retries;
            redispatch = settings.redispatch;
            tunnelTimeout = settings.tunnelTimeout;
            sendProxy = settings.sendProxy;
            tcpKeepAlive = settings.tcpKeepAlive;
            source = settings.source;
            retryRules = settings.retryRules;
            maxResponseHeadBytes = settings.maxResponseHeadBytes;
            connect = settings.connect;
            tls = settings.tls;
        }

        public Builder connectTimeout(Duration newConnectTimeout) {
            connectTimeout = newConnectTimeout;
            return this;
        }

        public Builder serverTimeout(Duration newServerTimeout) {
            serverTimeout = newServerTimeout;
            return this;
        }

        public Builder keepAliveTimeout(Duration newKeepAliveTimeout) {
            keepAliveTimeout = newKeepAliveTimeout;
            return this;
        }

        public Builder maxIdlePerLoop(int newMaxIdlePerLoop) {
            maxIdlePerLoop = newMaxIdlePerLoop;
            return this;
        }

        public Builder retries(int newRetries) {
            retries = newRetries;
            return this;
        }

        public Builder redispatch(boolean newRedispatch) {
            redispatch = newRedispatch;
            return this;
        }

        public Builder tunnelTimeout(@Nullable Duration newTunnelTimeout) {
            tunnelTimeout = newTunnelTimeout;
            return this;
        }

        public Builder sendProxy(ProxyVersion newSendProxy) {
            sendProxy = newSendProxy;
            return this;
        }

        public Builder tcpKeepAlive(boolean newTcpKeepAlive) {
            tcpKeepAlive = newTcpKeepAlive;
            return this;
        }

        public Builder source(@Nullable InetSocketAddress newSource) {
            source = newSource;
            return this;
        }

        public Builder retryRules(RetryRules newRetryRules) {
            retryRules = newRetryRules;
            return this;
        }

        public Builder maxResponseHeadBytes(int newMaxResponseHeadBytes) {
            maxResponseHeadBytes = newMaxResponseHeadBytes;
            return this;
        }

        public Builder connect(boolean newConnect) {
            connect = newConnect;
            return this;
        }

        public Builder tls(MemberTls newTls) {
            tls = newTls;
            return this;
        }

        public UpstreamConfig build() {
            return new UpstreamConfig(
                    connectTimeout,
                    serverTimeout,
                    keepAliveTimeout,
                    maxIdlePerLoop,
                    retries,
                    redispatch,
                    tunnelTimeout,
                    sendProxy,
                    tcpKeepAlive,
                    source,
                    retryRules,
                    maxResponseHeadBytes,
                    connect,
                    tls);
        }
    }
}
