package io.myelin.health.plugin;

import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which plugin a caller means. Safe from any thread. */
final class PluginChoice {
    static final Metadata.Key<String> ID = Metadata.Key.of("x-synse-plugin", Metadata.ASCII_STRING_MARSHALLER);
    static final Metadata.Key<String> TAG = Metadata.Key.of("x-synse-tag", Metadata.ASCII_STRING_MARSHALLER);

    private final PluginRegistry plugins;

    PluginChoice(PluginRegistry plugins) {
        this.plugins = plugins;
    }

    /** There is nobody who can take a call. */
    static final class NoPluginException extends Exception {
        private final transient Status status;

        private NoPluginException(Status status) {
            super(status.getDescription());
            this.status = status;
        }

        Status status() {
            return status;
        }
    }

    /**
     * Returns the way to the plugin that {@code headers} or else {@code authority} name; of several active ones with a
     * tag, the one with the smallest id.
     */
    PluginLink of(Metadata headers, @Nullable String authority) throws NoPluginException {
        String id = headers.get(ID);
        if (id != null) {
            return active(id, view -> view.id().equals(id));
        }
        String tag = headers.get(TAG);
        if (tag != null) {
            return active(tag, view -> view.identity().tag().equals(tag));
        }
        String name = authority == null ? "" : authority;
        String host = name.replaceFirst(":\\d+$", "");
        return active(name, view -> named(view, name) || named(view, host));
    }

    private static boolean named(PluginView view, String name) {
        return view.id().equals(name) || view.identity().tag().equals(name);
    }

    private PluginLink active(String name, Predicate<PluginView> meant) throws NoPluginException {
        List<PluginBook.Entry> all = plugins.entries().values().stream()
                .filter(entry -> meant.test(entry.view()))
                .toList();
        if (all.isEmpty()) {
            throw new NoPluginException(Status.NOT_FOUND.withDescription("plugin not found: " + name
                    + " (expected: an id in x-synse-plugin, a tag in x-synse-tag, or either as authority)"));
        }
        for (PluginBook.Entry entry : all) {
            PluginLink link = entry.link();
            if (link != null && entry.view().active()) {
                return link;
            }
        }
        PluginView first = all.get(0).view();
        throw new NoPluginException(Status.UNAVAILABLE.withDescription("plugin " + first.id() + " is "
                + (first.disabled() ? "disabled" : "inactive") + ": " + first.reason()));
    }
}
