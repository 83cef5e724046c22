package io.myelin.config.reader;

import io.myelin.config.document.Where;
import io.myelin.health.replica.ReplicaBinding;

/**
 * A binding before it is a listener.
 *
 * @param listenHost where its listener is to listen, empty if the file does not say
 * @param where its port, or itself
 */
record BindingDraft(ReplicaBinding binding, String listenHost, Where where) {}
