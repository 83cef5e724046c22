package io.myelin.pool;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Has members that {@link Track} others learn how those do, across all pools of a process. */
@OwnedBy(Owner.CONTROL)
public final class Following {
    private final Function<String, @Nullable Pool> pools;
    /** By the name of a pool, those whose members follow members of it. */
    private final Map<String, Set<Pool>> followers = new HashMap<>();

    /**
     * Creates it for pools nobody of which follows another yet.
     *
     * @param pools returns the pool of a name
     */
    public Following(Function<String, @Nullable Pool> pools) {
        this.pools = pools;
    }

    /** Forgets the pools that are not among {@code all}, and has the others follow from now on. */
    public void settle(Collection<Pool> all) {
        followers.values().forEach(each -> each.retainAll(all));
        all.forEach(this::enlist);
    }

    /** A pool observer, of every pool. */
    public void onSnapshot(Pool pool, PoolSnapshot before, PoolSnapshot after) {
        enlist(pool);
        for (Pool follower : List.copyOf(followers.getOrDefault(pool.name(), Set.of()))) {
            follower.follow(pools);
        }
    }

    private void enlist(Pool pool) {
        followers.values().forEach(each -> each.remove(pool));
        Set<String> leading = pool.leadingPools();
        if (!leading.isEmpty()) {
            leading.forEach(name -> followers
                    .computeIfAbsent(name, key -> new LinkedHashSet<>())
                    .add(pool));
            pool.follow(pools);
        }
    }
}
