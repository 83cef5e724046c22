package io.myelin.stats;

import io.myelin.config.operator.StatsConfig;
import io.myelin.httpd.AnswerPipeline;
import io.myelin.httpd.ClientLimits;
import io.myelin.httpd.OperatorLoop;
import io.myelin.httpd.UnixDoor;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.Protocol;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerStatus;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The listeners for statistics, all on one thread of their own, {@code stats}, which runs from the first of them on.
 *
 * <p>One thread settles and closes it; {@link #status()} may be asked from any.
 */
@OwnedBy(Owner.BUILDER)
public final class StatsServer implements AutoCloseable {
    private final Statistics statistics;
    private final Clock clock;
    private final ClientLimits limits;
    private final Map<BindAddress, Open> open = new LinkedHashMap<>();
    private final OperatorLoop loop = new OperatorLoop("stats");
    private volatile List<ListenerStatus> status = List.of();

    /**
     * An address that is listened on.
     *
     * @param port 0 for a Unix socket
     * @param config how it is configured now
     */
    private record Open(int port, Runnable end, AtomicReference<StatsConfig> config) {}

    public StatsServer(Statistics statistics, Clock clock) {
        this(statistics, clock, ClientLimits.DEFAULT);
    }

    StatsServer(Statistics statistics, Clock clock, ClientLimits limits) {
        this.statistics = statistics;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Makes {@code wanted} what listens: closes the others, opens what is new, and changes in place what stays. An
     * address that cannot be listened on harms only itself; settling again tries it again.
     */
    public void settle(List<StatsConfig> wanted) {
        Set<BindAddress> addresses = new HashSet<>();
        wanted.forEach(config -> addresses.addAll(config.addresses()));
        open.entrySet().removeIf(entry -> !addresses.contains(entry.getKey()) && close(entry.getValue()));
        List<ListenerStatus> next = new ArrayList<>();
        for (StatsConfig config : wanted) {
            for (BindAddress address : config.addresses()) {
                next.add(settle(address, config));
            }
        }
        status = List.copyOf(next);
    }

    /** Returns what became of every address. */
    public List<ListenerStatus> status() {
        return status;
    }

    @Override
    public void close() {
        settle(List.of());
        loop.close();
    }

    private static boolean close(Open gone) {
        gone.end().run();
        return true;
    }

    private ListenerStatus settle(BindAddress address, StatsConfig config) {
        Open there = open.get(address);
        if (there != null) {
            there.config().set(config);
            return listening(config, address, there.port());
        }
        try {
            Open opened = open(address, new AtomicReference<>(config));
            open.put(address, opened);
            return listening(config, address, opened.port());
        } catch (IOException e) {
            return failed(config, address, String.valueOf(e.getMessage()));
        }
    }

    private Open open(BindAddress address, AtomicReference<StatsConfig> config) throws IOException {
        AnswerPipeline connections = new AnswerPipeline(limits, new StatsAnswers(config::get, statistics), clock);
        if (address.unix()) {
            UnixDoor door =
                    UnixDoor.open(loop, address.host(), address.options().file(), connections);
            return new Open(0, door::close, config);
        }
        InetSocketAddress resolved = address.host().equals("*")
                ? new InetSocketAddress(address.port())
                : new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
            throw new IOException("unknown host " + address.host());
        }
        Channel channel = loop.listen(resolved, connections);
        int port = ((InetSocketAddress) channel.localAddress()).getPort();
        return new Open(port, () -> channel.close().awaitUninterruptibly(), config);
    }

    private static ListenerStatus listening(StatsConfig config, BindAddress address, int port) {
        return new ListenerStatus(config.name(), address, true, port, Protocol.HTTP, 0, 0, null);
    }

    private static ListenerStatus failed(StatsConfig config, BindAddress address, String error) {
        return new ListenerStatus(config.name(), address, false, 0, Protocol.HTTP, 0, 0, error);
    }
}
