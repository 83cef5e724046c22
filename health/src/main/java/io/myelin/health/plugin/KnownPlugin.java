package io.myelin.health.plugin;

import io.myelin.health.plugin.PluginLink.Introduction;
import io.myelin.health.plugin.PluginView.Identity;
import io.myelin.health.plugin.PluginView.Version;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A plugin that answered once: by its id, wherever it is now. */
@OwnedBy(Owner.PLUGINS)
final class KnownPlugin {
    private final Clock clock;
    private final Map<String, Site> claims = new TreeMap<>();
    private Identity identity;
    private Version version;
    private PluginAddress address;
    private @Nullable Site site;
    private @Nullable Reconnection reconnection;
    private boolean active;
    private String reason = "";
    private long sinceMillis;
    private long connects;
    private long disconnects;

    /** Creates a plugin that is not active at {@code site}, which it holds. */
    KnownPlugin(Introduction introduction, Site site, Clock clock) {
        this.clock = clock;
        this.identity = introduction.identity();
        this.version = introduction.version();
        this.address = site.address();
        this.site = site;
        site.holder(this);
    }

    String id() {
        return identity.id();
    }

    /** Returns where it was last. */
    PluginAddress address() {
        return address;
    }

    /** Returns where it is spoken to, {@code null} if it is disabled. */
    @Nullable
    Site site() {
        return site;
    }

    boolean active() {
        return active;
    }

    void introduce(Introduction introduction) {
        identity = introduction.identity();
        version = introduction.version();
    }

    /** Is at {@code place} from now on, and no more where it was. */
    void move(Site place) {
        Site before = site;
        if (before != null) {
            before.holder(null);
        }
        claims.remove(place.address().text());
        site = place;
        address = place.address();
        place.holder(this);
    }

    /** Is nowhere from now on. */
    void leave() {
        Site before = site;
        if (before != null && before.holder() == this) {
            before.holder(null);
        }
        site = null;
    }

    /** Became active or stopped being it. */
    void active(boolean now, String why) {
        if (now != active) {
            connects += now ? 1 : 0;
            disconnects += now ? 0 : 1;
        }
        active = now;
        Site place = site;
        if (place != null) {
            place.settled(now);
        }
        because(why);
        sinceMillis = clock.wallMillis();
    }

    /** Is as it was, for another reason. */
    void because(String why) {
        reason = why;
    }

    /** Returns whether somebody else at {@code place} says the same id, and that was not known. */
    boolean collide(Site place) {
        return claims.put(place.address().text(), place) != place;
    }

    void forget(Site place) {
        claims.remove(place.address().text(), place);
    }

    List<Site> claims() {
        return List.copyOf(claims.values());
    }

    @Nullable
    Reconnection reconnection() {
        return reconnection;
    }

    void reconnection(@Nullable Reconnection now) {
        Reconnection before = reconnection;
        if (before != null) {
            before.cancel();
        }
        reconnection = now;
    }

    PluginView view() {
        return new PluginView(
                identity,
                version,
                address,
                active,
                site == null,
                reason,
                sinceMillis,
                connects,
                disconnects,
                reconnection != null,
                claims.values().stream().map(Site::address).toList());
    }
}
