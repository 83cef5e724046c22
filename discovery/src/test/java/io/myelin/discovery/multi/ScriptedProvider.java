package io.myelin.discovery.multi;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.WatcherProvider;
import io.myelin.discovery.Watchers;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.SourceStatus;
import io.myelin.model.SourceStatus.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A registry whose sources say what the test has them say. */
final class ScriptedProvider implements WatcherProvider {
    /** A source; one without a name can never be followed. */
    record Script(String name) implements DiscoveryConfig {}

    /** What the test has of a source. */
    static final class Source implements ServiceWatcher {
        private final EndpointSink sink;
        private volatile boolean started;
        private volatile boolean closed;

        Source(EndpointSink sink) {
            this.sink = sink;
        }

        void delivers(Endpoint... endpoints) {
            sink.replace(new EndpointSet("web", List.of(endpoints), "script"));
        }

        void is(State state) {
            String error = state == State.STALE ? "gone" : "";
            sink.status(new SourceStatus("a script", state, 1, state == State.STARTING ? 0 : 2, error));
        }

        void configures(String sections) {
            sink.configure(sections);
        }

        void resolves(String name, String... addresses) {
            sink.resolve(Map.of(name, List.of(addresses)));
        }

        boolean started() {
            return started;
        }

        boolean closed() {
            return closed;
        }

        @Override
        public void start() {
            started = true;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final Map<String, Source> sources = new LinkedHashMap<>();

    Source source(String name) {
        return Objects.requireNonNull(sources.get(name), name);
    }

    @Override
    public boolean supports(DiscoveryConfig config) {
        return config instanceof Script;
    }

    @Override
    public ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers) {
        String name = ((Script) config).name();
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name: empty (expected: a name)");
        }
        Source source = new Source(sink);
        sources.put(name, source);
        return source;
    }

    @Override
    public void close() {
        // Nothing is shared.
    }
}
