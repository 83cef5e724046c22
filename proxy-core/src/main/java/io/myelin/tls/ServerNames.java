package io.myelin.tls;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of several things is for which name that a client may ask for. Immutable once built.
 *
 * @param <T> what there is one of for each certificate
 */
final class ServerNames<T> {
    private final Map<String, Candidates<T>> byName = new HashMap<>();
    private final Candidates<T> usual;

    /**
     * What there is for one name.
     *
     * @param ellipticCurve the first with a key on an elliptic curve, {@code null} if there is none
     * @param other the first with another key, {@code null} if there is none
     */
    private record Candidates<T>(
            @Nullable T ellipticCurve, @Nullable T other) {
        T choose(ClientHello hello) {
            T better = hello.ellipticCurves() ? ellipticCurve : other;
            T fallback = hello.ellipticCurves() ? other : ellipticCurve;
            T chosen = better == null ? fallback : better;
            if (chosen == null) {
                throw new IllegalStateException("a name without a certificate");
            }
            return chosen;
        }

        Candidates<T> and(Candidates<T> next) {
            return new Candidates<>(
                    ellipticCurve == null ? next.ellipticCurve : ellipticCurve, other == null ? next.other : other);
        }
    }

    /**
     * One certificate.
     *
     * @param names in lower case, exact or beginning with {@code *.}
     */
    record Entry<T>(T value, List<String> names, boolean ellipticCurve) {
        Entry {
            names = List.copyOf(names);
        }
    }

    /** Creates the index of {@code entries}, at least one, of which the first is for clients who name no other. */
    ServerNames(List<Entry<T>> entries) {
        for (Entry<T> entry : entries) {
            entry.names().forEach(name -> byName.merge(name, candidates(entry), Candidates::and));
        }
        Entry<T> first = entries.get(0);
        Candidates<T> own = candidates(first);
        usual = first.names().isEmpty()
                ? own
                : own.and(byName.getOrDefault(first.names().get(0), own));
    }

    private static <T> Candidates<T> candidates(Entry<T> entry) {
        return entry.ellipticCurve() ? new Candidates<>(entry.value(), null) : new Candidates<>(null, entry.value());
    }

    /** Returns what {@code hello} asks for: by its exact name, or one with a star for the first label. */
    @Nullable
    T find(ClientHello hello) {
        String name = hello.serverName();
        if (name == null) {
            return null;
        }
        Candidates<T> exact = byName.get(name);
        int dot = name.indexOf('.');
        Candidates<T> found = exact != null || dot < 0 ? exact : byName.get("*" + name.substring(dot));
        return found == null ? null : found.choose(hello);
    }

    /** Returns what is shown to those who ask for nothing that is here. */
    T usual(ClientHello hello) {
        return usual.choose(hello);
    }
}
