package io.myelin.config.reader;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.DiscoveryConfig.Custom;
import io.myelin.discovery.WatcherProvider;
import io.myelin.discovery.Watchers;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The discovery methods of kinds of registries that users bring with them. */
final class CustomMethods implements AutoCloseable {
    private final List<WatcherProvider> providers = Watchers.providers();

    /** Returns the names of all such methods. */
    Set<String> names() {
        Set<String> names = new TreeSet<>();
        providers.forEach(provider -> names.addAll(provider.methods()));
        return names;
    }

    /** Returns {@code null} if the provider of {@code method} says that it cannot be used, which is reported. */
    @Nullable
    DiscoveryConfig read(String method, Section discovery) {
        Custom config = new Custom(method, RawValues.of(discovery));
        try {
            providers.stream()
                    .filter(provider -> provider.methods().contains(method))
                    .findFirst()
                    .ifPresent(provider -> provider.check(config));
            return config;
        } catch (IllegalArgumentException e) {
            discovery.problems().error(discovery.where(), String.valueOf(e.getMessage()), "");
            return null;
        }
    }

    @Override
    public void close() {
        providers.forEach(WatcherProvider::close);
    }
}
