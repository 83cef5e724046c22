package io.myelin.health.plugin;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolver.Listener2;
import io.grpc.NameResolver.ResolutionResult;
import io.grpc.NameResolverProvider;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * Asks the system for hosts whose names gRPC's own resolver refuses because a URI may not have them, such as those of
 * containers with an underscore.
 */
final class LooseNames extends NameResolverProvider {
    private static final String SCHEME = "synse-plugin";
    private static final int PRIORITY = 5;

    /** Returns {@code host:port} as a target of gRPC's that is resolved here. */
    static String target(String host, int port) {
        return SCHEME + ":///" + host + ':' + port;
    }

    /** Returns whether gRPC's own resolver refuses {@code host}. */
    static boolean needed(String host) {
        return host.indexOf('_') >= 0;
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return PRIORITY;
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    public Set<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
        return Set.of(InetSocketAddress.class);
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
        String name = target.getPath().substring(1);
        int colon = name.lastIndexOf(':');
        Executor blocking = args.getOffloadExecutor();
        return new LooseName(
                name.substring(0, colon),
                Integer.parseInt(name.substring(colon + 1)),
                blocking == null ? Runnable::run : blocking);
    }

    /** One name, asked for when a connection is to be made. */
    private static final class LooseName extends NameResolver {
        private final String host;
        private final int port;
        private final Executor blocking;
        private volatile Listener2 listener = new NobodyListens();

        private LooseName(String host, int port, Executor blocking) {
            this.host = host;
            this.port = port;
            this.blocking = blocking;
        }

        @Override
        public String getServiceAuthority() {
            return host;
        }

        @Override
        public void start(Listener2 who) {
            listener = who;
            refresh();
        }

        @Override
        public void refresh() {
            Listener2 who = listener;
            blocking.execute(() -> who.onResult(
                    ResolutionResult.newBuilder().setAddressesOrError(lookUp()).build()));
        }

        @Override
        public void shutdown() {
            listener = new NobodyListens();
        }

        private StatusOr<List<EquivalentAddressGroup>> lookUp() {
            try {
                return StatusOr.fromValue(Stream.of(InetAddress.getAllByName(host))
                        .map(address -> new EquivalentAddressGroup(new InetSocketAddress(address, port)))
                        .toList());
            } catch (UnknownHostException e) {
                return StatusOr.fromStatus(Status.UNAVAILABLE.withCause(e));
            }
        }
    }

    /** Takes what nobody wants any more. */
    private static final class NobodyListens extends Listener2 {
        @Override
        public void onResult(ResolutionResult result) {
            // Nobody wants to know.
        }

        @Override
        public void onError(Status error) {
            // Nobody wants to know.
        }
    }
}
