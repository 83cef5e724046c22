package io.myelin.health.plugin;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.SourceStatus;
import java.util.List;

/** A place that names addresses, and what it named last. */
@OwnedBy(Owner.PLUGINS)
final class PluginSource {
    private List<PluginAddress> addresses = List.of();
    private SourceStatus status;

    PluginSource(SourceStatus status) {
        this.status = status;
    }

    List<PluginAddress> addresses() {
        return addresses;
    }

    /** Names {@code all} from now on; returns whether that is anything new. */
    boolean replace(List<PluginAddress> all) {
        boolean changed = !addresses.equals(all);
        addresses = all;
        return changed;
    }

    SourceStatus status() {
        return status;
    }

    void status(SourceStatus now) {
        status = now;
    }
}
