package io.myelin.discovery.fetch;

import io.myelin.discovery.polling.PollException;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.handler.ssl.SslContext;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The trust of all watchers of one kind of registry: files that several of them name are read once. */
@OwnedBy(Owner.REGISTRY)
public final class Trusts {
    private final Map<TlsFiles, Trust> trusts = new HashMap<>();

    /** Returns what {@code files} say now, {@code null} if {@code origin} is not encrypted. */
    public @Nullable SslContext of(HttpOrigin origin, TlsFiles files) throws PollException {
        return origin.tls() ? trusts.computeIfAbsent(files, Trust::new).context() : null;
    }
}
