package io.myelin.config.reader;

import io.myelin.config.document.Where;
import io.myelin.health.replica.Launch;
import io.myelin.health.replica.ReplicatedConfig;
import java.util.List;

/**
 * A service whose replicas are run here, or that runs elsewhere for others to know of.
 *
 * @param bindings in the order of those of {@code config}
 * @param where the key that defines it
 */
record Replicated(ReplicatedConfig config, List<BindingDraft> bindings, Where where) {
    Replicated {
        bindings = List.copyOf(bindings);
    }

    boolean external() {
        return config.launch() instanceof Launch.External;
    }

    boolean contained() {
        return config.launch() instanceof Launch.Container;
    }
}
