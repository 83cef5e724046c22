package io.myelin.tls;

import io.myelin.model.Clock;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a listener shows to connections to come: nothing, or an identity, either of which another one may take the place
 * of while it listens. Connections that are there keep what they began with.
 *
 * <p>Changed by one thread at a time, refreshed by the control thread, asked by any.
 */
public final class CurrentIdentity {
    private static final Logger log = LoggerFactory.getLogger(CurrentIdentity.class);

    private final String listener;
    private final Clock clock;
    private volatile @Nullable TlsIdentity identity;

    /**
     * Creates that of a listener in the clear.
     *
     * @param listener its name, for the log
     */
    public CurrentIdentity(String listener, Clock clock) {
        this.listener = listener;
        this.clock = clock;
    }

    /**
     * Lets connections begin as {@code config} says from now on, {@code null} for plain text. Blocks while files are
     * read, unless it says nothing new.
     *
     * @throws MalformedPemException if a file cannot be used, with a message for people; what was goes on
     */
    public void change(@Nullable TlsConfig config) throws MalformedPemException {
        TlsIdentity before = identity;
        if (Objects.equals(config, before == null ? null : before.config())) {
            return;
        }
        TlsIdentity next = config == null ? null : TlsIdentity.of(config, clock);
        identity = next;
        if (before != null) {
            List<CertificateStatus> shown = next == null ? List.of() : next.certificates();
            log.info(
                    "TLS changed: listener={} encrypted={} subjects={}",
                    listener,
                    next != null,
                    shown.stream().map(CertificateStatus::subject).toList());
        }
    }

    /** Returns what is shown, {@code null} for nothing; any thread. */
    public @Nullable TlsIdentity shown() {
        return identity;
    }

    /** Returns the handler that encrypts one more connection, {@code null} if it is in the clear; any thread. */
    public @Nullable ChannelHandler newHandler(ByteBufAllocator allocator) {
        TlsIdentity shown = identity;
        return shown == null ? null : shown.newHandler(allocator);
    }

    /** Takes up files that have changed and warns of certificates that are about to expire. Control thread. */
    public void refresh() {
        TlsIdentity shown = identity;
        if (shown != null) {
            shown.refresh(listener);
        }
    }

    /** Returns how TLS stands, {@code null} for plain text; any thread. */
    public @Nullable TlsStatus status() {
        TlsIdentity shown = identity;
        return shown == null ? null : TlsStatus.of(shown);
    }
}
