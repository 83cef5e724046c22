package io.myelin.server;

import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.net.ListenerLoad;
import io.myelin.server.Listener.Encryption;
import io.myelin.tls.CurrentIdentity;
import io.myelin.tls.MalformedPemException;
import io.myelin.tls.TlsConfig;
import io.myelin.tls.TlsIdentity;
import io.myelin.tls.TlsLoad;
import io.myelin.tls.TlsStatus;
import io.netty.channel.socket.DuplexChannel;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How connections to one address of a listener begin: with TLS, or without.
 *
 * <p>The control thread changes it; event loops ask it about each connection.
 */
@OwnedBy(Owner.CONTROL)
final class Door implements Acceptor.Adopter {
    private static final Logger log = LoggerFactory.getLogger(Door.class);

    private final String name;
    private final Listener listener;
    private final int loops;
    private volatile TlsLoad[] loads = {};
    private @Nullable TlsConfig wanted;
    private final CurrentIdentity identity;

    /**
     * Creates the door of an address that is not encrypted.
     *
     * @param name the listener's, for the log
     */
    Door(String name, Listener listener, Clock clock, int loops) {
        this.name = name;
        this.listener = listener;
        this.identity = new CurrentIdentity(name, clock);
        this.loops = loops;
    }

    /** Lets connections begin as {@code config} says from the next {@link #prepare} on; {@code null} for no TLS. */
    void want(@Nullable TlsConfig config) {
        wanted = config;
        if (config != null && loads.length == 0) {
            loads = Stream.generate(TlsLoad::new).limit(loops).toArray(TlsLoad[]::new);
        }
    }

    @Override
    public void prepare() throws MalformedPemException {
        identity.change(wanted);
        identity.refresh();
    }

    /** The same for an address that listens already: what cannot be used leaves things as they are. */
    void prepareAgain() {
        try {
            prepare();
        } catch (MalformedPemException e) {
            log.error("TLS not changed, what was goes on: listener={} error={}", name, e.getMessage());
        }
    }

    /** Takes up what time has brought: files that have changed, and certificates that are about to expire. */
    void refresh() {
        identity.refresh();
    }

    /** Returns how TLS stands here, {@code null} if there is none; any thread. */
    @Nullable
    TlsStatus tls() {
        TlsIdentity shown = identity.shown();
        return shown == null ? null : TlsStatus.of(shown, loads);
    }

    @Override
    public void adopt(DuplexChannel channel, int loop, boolean acceptProxy) {
        TlsIdentity shown = identity.shown();
        listener.adopt(channel, loop, acceptProxy, shown == null ? null : new Encryption(shown, loads[loop]));
    }

    @Override
    public List<ConnectionLimit> limits() {
        return listener.limits();
    }

    @Override
    public ListenerLoad load(int loop) {
        return listener.load(loop);
    }
}
