package io.myelin.server;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.net.Loop;
import io.myelin.net.Loops;
import io.myelin.net.SocketTypes;
import io.myelin.tls.MalformedPemException;
import io.myelin.tls.TlsStatus;
import io.myelin.unix.SocketFile;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One address that a listener listens on: for IP with epoll, one socket per event loop among which the kernel spreads
 * new connections; otherwise one socket whose connections are dealt out in turn.
 */
@OwnedBy(Owner.CONTROL)
final class BoundAddress {
    private static final int BACKLOG = 4_096;

    private volatile BindAddress configured;
    private final Loops loops;
    private final Door door;
    private volatile List<Channel> sockets = List.of();
    private volatile boolean listening;
    private volatile int boundPort;
    private volatile @Nullable String error;
    private volatile boolean closed;
    private CompletableFuture<Void> binding = CompletableFuture.completedFuture(null);

    BoundAddress(BindAddress configured, Loops loops, Door door) {
        this.configured = configured;
        this.loops = loops;
        this.door = door;
    }

    /** Returns whether this is the socket for {@code wanted}, be it that its connections are to begin otherwise. */
    boolean serves(BindAddress wanted) {
        return withoutTls(configured).equals(withoutTls(wanted));
    }

    private static BindAddress withoutTls(BindAddress address) {
        return address.with(address.options().withTls(null));
    }

    /** Lets connections begin as {@code wanted}, which this is the socket for, says. */
    void reconfigure(BindAddress wanted) {
        configured = wanted;
        door.want(wanted.options().tls());
        if (listening) {
            door.prepareAgain();
        }
    }

    /** Takes up what time has brought. */
    void refresh() {
        door.refresh();
    }

    /** Returns how TLS stands here, {@code null} if there is none; any thread. */
    @Nullable
    TlsStatus tls() {
        return door.tls();
    }

    BindAddress configured() {
        return configured;
    }

    /** Returns whether it listens; any thread. */
    boolean listening() {
        return listening;
    }

    /** Returns the port it listens on, 0 if it does not or has none; any thread. */
    int boundPort() {
        return boundPort;
    }

    /** Returns why it does not listen, {@code null} if it does; any thread. */
    @Nullable
    String error() {
        return error;
    }

    /** Binds unless that was done, is under way, or is not wanted any more. Completes normally whatever comes of it. */
    CompletableFuture<Void> bind() {
        if (listening || closed || !binding.isDone()) {
            return binding;
        }
        CompletableFuture<Void> outcome = new CompletableFuture<>();
        binding = outcome;
        try {
            door.prepare();
            if (configured.unix()) {
                bindUnix(outcome);
            } else {
                InetSocketAddress address = resolve();
                requireFree(address);
                List<Loop> accepting = loops.socketTypes().sharesPorts()
                        ? loops.all()
                        : loops.all().subList(0, 1);
                bind(accepting, 0, address, new ArrayList<>(), outcome);
            }
        } catch (IOException | MalformedPemException e) {
            fail(e, outcome);
        }
        return outcome;
    }

    private void bindUnix(CompletableFuture<Void> outcome) throws IOException {
        SocketTypes types = loops.socketTypes();
        SocketFile file =
                SocketFile.prepare(configured.host(), configured.options().file());
        Loop loop = loops.all().get(0);
        SocketAddress address = types.unixAddress(configured.host());
        ServerChannel socket = newSocket(address, loop, false);
        ChannelFuture done = socket.bind(address);
        done.addListener(any -> {
            try {
                if (!done.isSuccess()) {
                    throw new IOException(done.cause().getMessage(), done.cause());
                }
                file.grant();
                onBound(List.of(socket), 0, outcome);
            } catch (IOException e) {
                socket.close();
                fail(e, outcome);
            }
        });
    }

    private ServerChannel newSocket(SocketAddress address, Loop loop, boolean shared) {
        ServerChannel socket = loops.socketTypes().newServerSocket(address);
        socket.config().setOption(ChannelOption.SO_BACKLOG, BACKLOG);
        socket.pipeline()
                .addLast(
                        "accept",
                        new Acceptor(
                                loops, loop, door, shared, configured.options().acceptProxy()));
        if (shared) {
            socket.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
        }
        loop.executor().register(socket);
        return socket;
    }

    private void onBound(List<Channel> bound, int port, CompletableFuture<Void> outcome) {
        sockets = List.copyOf(bound);
        error = null;
        boundPort = port;
        listening = true;
        if (closed) {
            bound.forEach(Channel::close);
        }
        outcome.complete(null);
    }

    private InetSocketAddress resolve() throws IOException {
        return configured.host().equals("*")
                ? new InetSocketAddress(configured.port())
                : new InetSocketAddress(InetAddress.getByName(configured.host()), configured.port());
    }

    /**
     * Sockets that share a port would share it with another process of the same user too: asks without sharing first.
     */
    private static void requireFree(InetSocketAddress address) throws IOException {
        try (Socket probe = new Socket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
        }
    }

    private void bind(
            List<Loop> accepting,
            int next,
            InetSocketAddress address,
            List<Channel> bound,
            CompletableFuture<Void> outcome) {
        if (next == accepting.size()) {
            onBound(bound, address.getPort(), outcome);
            return;
        }
        Loop loop = accepting.get(next);
        ServerChannel socket = newSocket(address, loop, loops.socketTypes().sharesPorts());
        ChannelFuture done = socket.bind(address);
        done.addListener(any -> {
            if (done.isSuccess()) {
                bound.add(socket);
                int port = ((InetSocketAddress) socket.localAddress()).getPort();
                InetSocketAddress shared = new InetSocketAddress(address.getAddress(), port);
                bind(accepting, next + 1, shared, bound, outcome);
            } else {
                socket.close();
                bound.forEach(Channel::close);
                fail(done.cause(), outcome);
            }
        });
    }

    private void fail(Throwable cause, CompletableFuture<Void> outcome) {
        String reason = String.valueOf(cause.getMessage());
        String lowerCase = reason.toLowerCase(Locale.ROOT);
        if (cause instanceof MalformedPemException) {
            error = reason + " (expected: a PEM file with a certificate and its private key)";
            outcome.complete(null);
            return;
        }
        error = configured.unix() ? explainUnix(reason, lowerCase) : explain(reason, lowerCase);
        outcome.complete(null);
    }

    private static String explainUnix(String reason, String lowerCase) {
        if (lowerCase.contains("address already in use")) {
            return "address already in use (expected: a path where nobody listens)";
        }
        return reason + " (expected: a path of at most 107 bytes in a directory where this user may create files, and"
                + " a user and group that it may give them)";
    }

    private static String explain(String reason, String lowerCase) {
        if (lowerCase.contains("address already in use")) {
            return "address already in use (expected: a free port)";
        }
        return lowerCase.contains("permission denied")
                ? "permission denied (expected: a port that this user may bind)"
                : reason + " (expected: an address of this host)";
    }

    /** Stops listening for good; completes, normally, once the port is free. */
    CompletableFuture<Void> close() {
        closed = true;
        CompletableFuture<?>[] closures =
                sockets.stream().map(BoundAddress::close).toArray(CompletableFuture<?>[]::new);
        sockets = List.of();
        boundPort = 0;
        listening = false;
        return CompletableFuture.allOf(closures);
    }

    private static CompletableFuture<Void> close(Channel socket) {
        CompletableFuture<Void> outcome = new CompletableFuture<>();
        socket.close().addListener(done -> outcome.complete(null));
        return outcome;
    }
}
