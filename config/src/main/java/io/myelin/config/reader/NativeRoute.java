package io.myelin.config.reader;

import io.myelin.config.document.Where;
import io.myelin.http.HttpRules;
import io.myelin.route.Condition;
import io.myelin.route.RouteConfig.Route;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * An item of a service's {@code routes}.
 *
 * @param frontend the frontend it is for, {@code null} for the only one
 * @param rank how much it says; of two routes that hold, the one that says more wins
 * @param service where its requests go
 * @param rules what is done to its requests
 */
record NativeRoute(@Nullable String frontend, Condition when, Rank rank, String service, HttpRules rules, Where where) {
    /** A route that does nothing to requests but to take them. */
    NativeRoute(@Nullable String frontend, Condition when, Rank rank, String service, Where where) {
        this(frontend, when, rank, service, HttpRules.NONE, where);
    }

    /**
     * How much a route says.
     *
     * @param host 0 for any, the length of the suffix for a wildcard, more for an exact host
     * @param path 0 for any, the length of the prefix, more for an exact path
     * @param method 1 if it names a method
     */
    record Rank(int host, int path, int method) {
        /** What an exact host or path counts for beyond any suffix or prefix. */
        static final int EXACT = 1_000_000;
    }

    /** Returns what the data plane is told of it. */
    Route route() {
        return new Route(when, service);
    }

    /** Puts routes that say more first: host before path before method. */
    static final Comparator<NativeRoute> MOST_TELLING_FIRST = Comparator.comparing(
            NativeRoute::rank,
            Comparator.comparingInt(Rank::host)
                    .thenComparingInt(Rank::path)
                    .thenComparingInt(Rank::method)
                    .reversed());
}
