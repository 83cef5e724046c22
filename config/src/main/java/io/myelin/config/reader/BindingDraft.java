package io.myelin.config.reader;

import io.myelin.config.document.Where;
import io.myelin.health.replica.ReplicaBinding;
import io.myelin.model.Protocol;
import io.myelin.tls.TlsConfig;
import org.jspecify.annotations.Nullable;

/**
 * A binding before it is a listener.
 *
 * @param listenHost where its listener is to listen, empty if the file does not say
 * @param tls how clients' connections are encrypted, {@code null} if replicas see to it, or nobody
 * @param where its port, or itself
 */
record BindingDraft(
        ReplicaBinding binding, String listenHost, @Nullable TlsConfig tls, Where where) {
    /** Returns what its listener speaks: HTTP if replicas do, and otherwise whatever comes. */
    Protocol listened() {
        return binding.spoken().equals("http") ? Protocol.HTTP : Protocol.TCP;
    }
}
