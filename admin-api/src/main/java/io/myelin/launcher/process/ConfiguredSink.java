package io.myelin.launcher.process;

import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.SourceStatus;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A sink that hands on endpoints and status, and configuration to those who care for it.
 *
 * @param endpoints takes endpoints and status
 * @param configuration takes configuration
 */
record ConfiguredSink(EndpointSink endpoints, Consumer<String> configuration) implements EndpointSink {
    @Override
    public void replace(EndpointSet delivered) {
        endpoints.replace(delivered);
    }

    @Override
    public void status(SourceStatus status) {
        endpoints.status(status);
    }

    @Override
    public void configure(String sections) {
        configuration.accept(sections);
    }

    @Override
    public void resolve(Map<String, List<String>> addresses) {
        endpoints.resolve(addresses);
    }
}
