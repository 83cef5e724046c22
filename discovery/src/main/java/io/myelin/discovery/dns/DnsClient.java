package io.myelin.discovery.dns;

import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.polling.Totals;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks name servers about one name and one type at a time; lives on the registry's loop. */
@OwnedBy(Owner.REGISTRY)
final class DnsClient {
    /*
     * The servers are asked in their order until one answers, a single one twice. An answer is NOERROR or NXDOMAIN;
     * anything else, silence included, is a failure of that server. What is truncated Netty asks again over TCP.
     */
    private static final Logger log = LoggerFactory.getLogger(DnsClient.class);

    /** More than this at once and name servers begin to drop: dnsmasq serves 150. */
    private static final int MAX_IN_FLIGHT = 64;

    private static final int MIN_ATTEMPTS = 2;

    private final RegistryLoop loop;
    private final Duration timeout;
    private final Totals<DnsCount> totals;
    private final Deque<Inquiry> waiting = new ArrayDeque<>();
    private @Nullable DnsNameResolver resolver;
    private int inFlight;

    /** Creates a client that waits so long for each server. */
    DnsClient(RegistryLoop loop, Duration timeout, Totals<DnsCount> totals) {
        this.loop = loop;
        this.timeout = timeout;
        this.totals = totals;
    }

    /**
     * Asks about {@code name}; fails with a {@link DnsFailureException} if no server answers.
     *
     * @param servers at least one
     */
    CompletableFuture<Reply> ask(String name, DnsRecordType type, List<InetSocketAddress> servers) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        try {
            waiting.add(new Inquiry(name, type, new DefaultDnsQuestion(name, type), servers, reply));
            startWaiting();
        } catch (IllegalArgumentException e) {
            reply.completeExceptionally(
                    new DnsFailureException(name + " (expected: labels of 1 to 63 letters): " + e.getMessage()));
        }
        return reply;
    }

    private void startWaiting() {
        while (inFlight < MAX_IN_FLIGHT) {
            Inquiry next = waiting.poll();
            if (next == null) {
                return;
            }
            inFlight++;
            next.attempt();
        }
    }

    private DnsNameResolver resolver() {
        DnsNameResolver open = resolver;
        if (open == null) {
            open = new DnsNameResolverBuilder(loop.eventLoop())
                    .datagramChannelType(NioDatagramChannel.class)
                    .socketChannelType(NioSocketChannel.class)
                    // Every query has a port of its own, which a forger would have to guess (RFC 5452).
                    .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                    .queryTimeoutMillis(timeout.toMillis())
                    .hostsFileEntriesResolver((host, families) -> null)
                    .nameServerProvider(new SingletonDnsServerAddressStreamProvider(
                            new InetSocketAddress(NetUtil.LOCALHOST4, Nameserver.DEFAULT_PORT)))
                    .build();
            resolver = open;
        }
        return open;
    }

    /** One question on its way from server to server. */
    @OwnedBy(Owner.REGISTRY)
    private final class Inquiry {
        private final String name;
        private final DnsRecordType type;
        private final DnsQuestion question;
        private final List<InetSocketAddress> servers;
        private final CompletableFuture<Reply> reply;
        private int attempts;

        Inquiry(
                String name,
                DnsRecordType type,
                DnsQuestion question,
                List<InetSocketAddress> servers,
                CompletableFuture<Reply> reply) {
            this.name = name;
            this.type = type;
            this.question = question;
            this.servers = servers;
            this.reply = reply;
        }

        void attempt() {
            InetSocketAddress server = servers.get(attempts++ % servers.size());
            totals.increment(DnsCount.QUERIES);
            try {
                resolver()
                        .query(server, question)
                        .addListener((Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> asked) ->
                                onAsked(server, asked));
            } catch (IllegalStateException e) {
                end(null, new DnsFailureException(name + " " + type.name() + ": " + e.getMessage()));
            }
        }

        private void onAsked(
                InetSocketAddress server, Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> asked) {
            Reply answer;
            try {
                answer = read(server, asked);
            } catch (DnsFailureException e) {
                onFailed(e);
                return;
            } catch (RuntimeException e) {
                // What a name server sends must not end the questions about the name.
                log.warn("A name server's answer could not be read: name={} server={}", name, server, e);
                onFailed(failed(server, e.toString()));
                return;
            }
            end(answer, null);
        }

        private void onFailed(DnsFailureException failure) {
            totals.increment(DnsCount.FAILED_QUERIES);
            if (attempts < Math.max(MIN_ATTEMPTS, servers.size())) {
                attempt();
            } else {
                end(null, failure);
            }
        }

        private Reply read(InetSocketAddress server, Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> asked)
                throws DnsFailureException {
            if (!asked.isSuccess()) {
                boolean silent = asked.cause() instanceof DnsNameResolverTimeoutException;
                throw failed(server, silent ? "no answer in " + timeout.toMillis() + " ms" : reason(asked.cause()));
            }
            AddressedEnvelope<DnsResponse, InetSocketAddress> envelope = asked.getNow();
            try {
                return read(server, envelope.content());
            } finally {
                envelope.release();
            }
        }

        private Reply read(InetSocketAddress server, DnsResponse response) throws DnsFailureException {
            if (response.code().equals(DnsResponseCode.NXDOMAIN)) {
                return Reply.nothing(NegativeTtl.of(response));
            }
            if (!response.code().equals(DnsResponseCode.NOERROR)) {
                throw failed(server, response.code().toString());
            }
            if (response.isTruncated()) {
                throw failed(server, "the answer is truncated, and there is none over TCP");
            }
            return new ResponseReader(name, type, () -> totals.increment(DnsCount.IGNORED_RECORDS)).read(response);
        }

        private DnsFailureException failed(InetSocketAddress server, String reason) {
            return new DnsFailureException(name + " " + type.name() + ": " + reason + ", name server "
                    + NetUtil.toSocketAddressString(server));
        }

        private void end(@Nullable Reply answer, @Nullable DnsFailureException failure) {
            inFlight--;
            if (answer != null) {
                reply.complete(answer);
            } else {
                reply.completeExceptionally(failure);
            }
            startWaiting();
        }
    }

    private static String reason(@Nullable Throwable cause) {
        return cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
    }
}
