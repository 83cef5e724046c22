package io.myelin.health.plugin;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An address that some source names, and the plugin that is known to be there. */
@OwnedBy(Owner.PLUGINS)
final class Site {
    private final PluginAddress address;
    private final PluginLink link;
    private final List<Runnable> waiting = new ArrayList<>();
    private @Nullable KnownPlugin holder;
    private @Nullable Reconnection retries;
    private String trouble = "";
    private volatile boolean settled;

    /** Creates a site that nobody was asked at. */
    Site(PluginAddress address, PluginLink link) {
        this.address = address;
        this.link = link;
    }

    PluginAddress address() {
        return address;
    }

    PluginLink link() {
        return link;
    }

    @Nullable
    KnownPlugin holder() {
        return holder;
    }

    void holder(@Nullable KnownPlugin plugin) {
        holder = plugin;
        retries(null);
        settled = false;
        link.name(plugin == null ? address.text() : plugin.id());
    }

    /** Returns whether a call that comes through changes nothing here; safe from any thread. */
    boolean settled() {
        return settled;
    }

    void settled(boolean now) {
        settled = now;
    }

    /** Lets {@code afterwards} run when the visit is over; returns whether one has to begin. */
    boolean visit(Runnable afterwards) {
        waiting.add(afterwards);
        return waiting.size() == 1;
    }

    boolean visiting() {
        return !waiting.isEmpty();
    }

    /** Runs what waits for the end of the visit. */
    void visited() {
        List<Runnable> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(Runnable::run);
    }

    @Nullable
    Reconnection retries() {
        return retries;
    }

    /** Is tried again by {@code now} while nobody is known here; ends what was so before. */
    void retries(@Nullable Reconnection now) {
        Reconnection before = retries;
        if (before != null) {
            before.cancel();
        }
        retries = now;
    }

    String trouble() {
        return trouble;
    }

    /** Has the trouble, or none if it is empty; returns whether it is another one than before. */
    boolean trouble(String text) {
        boolean changed = !trouble.equals(text);
        trouble = text;
        return changed;
    }
}
