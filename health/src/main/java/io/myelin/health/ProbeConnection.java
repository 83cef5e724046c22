package io.myelin.health;

import static io.myelin.health.CheckStatus.L4CON;
import static io.myelin.health.CheckStatus.L4TOUT;
import static io.myelin.health.CheckStatus.SOCKERR;

import io.myelin.model.Clock;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Promise;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;

/**
 * The connection of one check: opened for it, closed as soon as its answer is known or no longer wanted.
 *
 * @param loop the event loop of the check
 * @param address where the connection goes
 * @param timeout how long it may take to stand
 * @param answer gets the finding
 * @param clock measures how long the finding took
 * @param startNanos when the check began
 */
record ProbeConnection(
        EventLoop loop,
        SocketAddress address,
        Duration timeout,
        Promise<ProbeResult> answer,
        Clock clock,
        long startNanos) {

    /** Connects; a failure to is the answer. */
    ChannelFuture open(ChannelHandler handler, Bootstrap options) {
        ChannelFuture connecting = options.group(loop)
                .channel(
                        address instanceof UnixDomainSocketAddress
                                ? NioDomainSocketChannel.class
                                : NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis())
                .handler(handler)
                .connect(address);
        answer.addListener(done -> {
            if (!connecting.isDone() || connecting.isSuccess()) {
                connecting.channel().close();
            }
        });
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                finish(failure(done.cause()));
            }
        });
        return connecting;
    }

    /** Gives the answer, unless one was given before. */
    void finish(Finding finding) {
        answer.trySuccess(new ProbeResult(finding, elapsedNanos()));
    }

    /** Returns how long the check has taken so far. */
    long elapsedNanos() {
        return clock.nanoTime() - startNanos;
    }

    private int millis() {
        return (int) Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE));
    }

    private Finding failure(Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return Finding.of(L4TOUT, "timeout after " + millis() + " ms (connect)");
        }
        if (cause instanceof ChannelException) {
            return Finding.of(SOCKERR, "no socket: " + rootOf(cause).getMessage());
        }
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof ConnectException && message.contains("refused")) {
            return Finding.of(L4CON, "connect refused");
        }
        return Finding.of(L4CON, "connect failed: " + message);
    }

    private static Throwable rootOf(Throwable cause) {
        Throwable inner = cause.getCause();
        return inner == null ? cause : inner;
    }
}
