package io.myelin.health.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.myelin.health.Asker;
import io.myelin.health.CheckStatus;
import io.myelin.health.Finding;
import io.myelin.health.ProbeResult;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks one server {@code grpc.health.v1.Health/Check}, on a connection that is kept while the server answers. Always
 * asks on the same event loop.
 */
@OwnedBy(Owner.HEALTH_LOOP)
public final class GrpcAsker implements Asker {
    /*
     * gRPC waits longer and longer before it connects again, and fails calls meanwhile; a probe has a period of its
     * own, so that a channel on which a call failed is not used again.
     */
    private static final int ANSWER_LIMIT = 64 * 1024;

    private final String service;
    private final String host;
    private final int port;
    private final @Nullable SslContext tls;
    private final Duration limit;
    private final Clock clock;
    private @Nullable ManagedChannel channel;

    /**
     * Creates what connects when it is asked to ask.
     *
     * @param service asked for, empty for the server as a whole
     * @param host an IP literal, a host name, or the path of a Unix socket
     * @param port of {@code host}, 0 with a Unix socket
     * @param security whether the connection is encrypted
     * @param limit from the beginning of the connection, if there is none, to the answer
     */
    public GrpcAsker(String service, String host, int port, GrpcSecurity security, Duration limit, Clock clock) {
        this.service = service;
        this.host = host;
        this.port = port;
        this.tls = security.context();
        this.limit = limit;
        this.clock = clock;
    }

    @Override
    public void ask(EventLoop loop, Promise<ProbeResult> answer) {
        ManagedChannel used = channel == null ? connect(loop) : channel;
        channel = used;
        long startNanos = clock.nanoTime();
        ClientCall<HealthCheckRequest, HealthCheckResponse> call = used.newCall(
                HealthGrpc.getCheckMethod(),
                CallOptions.DEFAULT.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS));
        answer.addListener(done -> {
            if (done.isCancelled()) {
                call.cancel("the answer is not wanted any more", null);
            } else if (!answered(answer)) {
                end(used);
            }
        });
        ClientCalls.asyncUnaryCall(
                call,
                HealthCheckRequest.newBuilder().setService(service).build(),
                new Reader(finding -> answer.trySuccess(new ProbeResult(finding, clock.nanoTime() - startNanos))));
    }

    /** Closes the connection; on the event loop that it was asked on. */
    public void end() {
        ManagedChannel used = channel;
        if (used != null) {
            end(used);
        }
    }

    private void end(ManagedChannel used) {
        used.shutdownNow();
        if (channel == used) {
            channel = null;
        }
    }

    /** Returns whether the server itself said something. */
    private static boolean answered(Promise<ProbeResult> answer) {
        if (!answer.isSuccess()) {
            return false;
        }
        CheckStatus status = answer.getNow().finding().status();
        return status.passed() || status == CheckStatus.L7STS;
    }

    private ManagedChannel connect(EventLoop loop) {
        NettyChannelBuilder builder = builder();
        if (tls == null) {
            builder.usePlaintext();
        } else {
            builder.sslContext(tls);
        }
        return builder.eventLoopGroup(loop)
                .channelType(host.startsWith("/") ? NioDomainSocketChannel.class : NioSocketChannel.class)
                .directExecutor()
                .disableRetry()
                .disableServiceConfigLookUp()
                .proxyDetector(address -> null)
                .maxInboundMessageSize(ANSWER_LIMIT)
                .userAgent("myelin-probe")
                .build();
    }

    private NettyChannelBuilder builder() {
        if (host.startsWith("/")) {
            // gRPC asks for keepalive, which sockets in the file system do not know.
            return NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(host))
                    .overrideAuthority("localhost")
                    .withOption(ChannelOption.SO_KEEPALIVE, null);
        }
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
        if (literal == null) {
            return NettyChannelBuilder.forAddress(host, port);
        }
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(new InetSocketAddress(literal, port));
        // Certificates for development name this host, whatever address it is reached at.
        return tls != null && literal.isLoopbackAddress() ? builder.overrideAuthority("localhost") : builder;
    }

    /** Turns the answer, or the lack of one, into a finding. */
    private final class Reader implements StreamObserver<HealthCheckResponse> {
        private final Consumer<Finding> findings;

        private Reader(Consumer<Finding> findings) {
            this.findings = findings;
        }

        @Override
        public void onNext(HealthCheckResponse response) {
            ServingStatus status = response.getStatus();
            findings.accept(
                    Finding.of(status == ServingStatus.SERVING ? CheckStatus.L7OK : CheckStatus.L7STS, status.name()));
        }

        @Override
        public void onError(Throwable failure) {
            findings.accept(finding(Status.fromThrowable(failure)));
        }

        @Override
        public void onCompleted() {
            findings.accept(Finding.of(CheckStatus.L7RSP, "no answer"));
        }

        private Finding finding(Status status) {
            return switch (status.getCode()) {
                case DEADLINE_EXCEEDED -> Finding.of(CheckStatus.L7TOUT, "timeout after " + limit.toMillis() + " ms");
                case UNAVAILABLE -> unavailable(status);
                case NOT_FOUND -> Finding.of(CheckStatus.L7STS, "NOT_FOUND: service " + service);
                case UNIMPLEMENTED -> Finding.of(CheckStatus.L7STS, "UNIMPLEMENTED (expected: grpc.health.v1.Health)");
                default -> Finding.of(CheckStatus.L7RSP, status.getCode() + ": " + reasonOf(status));
            };
        }

        private static Finding unavailable(Status status) {
            return status.getCause() instanceof SSLException
                    ? Finding.of(CheckStatus.L6RSP, "TLS failed: " + reasonOf(status))
                    : Finding.of(CheckStatus.L4CON, reasonOf(status));
        }

        private static String reasonOf(Status status) {
            Throwable cause = status.getCause();
            String message = cause == null ? status.getDescription() : cause.getMessage();
            return message == null ? "unavailable" : message;
        }
    }
}
