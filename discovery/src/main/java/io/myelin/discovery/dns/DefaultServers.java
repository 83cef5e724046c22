package io.myelin.discovery.dns;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSink;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a sink what addresses its default servers have, of which the configuration knows the names only. A name that
 * cannot be resolved keeps the addresses that it had; one that has none stays a name.
 */
public final class DefaultServers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DefaultServers.class);
    /** Endpoints must have one, and it is of no account here. */
    private static final int ANY_PORT = 1;

    private final Set<String> hosts;
    private final DnsOptions options;
    private final FreshEndpoints addresses;

    /** Creates what resolves {@code hosts}, and asks nothing yet. */
    public DefaultServers(DnsResolution resolution, DnsOptions options, Set<String> hosts, EndpointSink sink) {
        this.hosts = hosts;
        this.options = options;
        this.addresses = resolution.follow(options, new FreshEndpoints.Listener() {
            @Override
            public void onEndpoints(List<Endpoint> found) {
                sink.resolve(found.stream().collect(groupingBy(Endpoint::name, mapping(Endpoint::host, toList()))));
            }

            @Override
            public void onFresh() {
                // What was told is what there is.
            }

            @Override
            public void onFailed(String error) {
                log.debug("A default server is not where its name was last: reason={}", error);
            }
        });
    }

    /** Begins to ask; returns at once. */
    public void start() {
        if (!hosts.isEmpty()) {
            addresses.replace(hosts.stream().map(this::named).toList());
        }
    }

    @Override
    public void close() {
        addresses.close();
    }

    private NamedEndpoint named(String host) {
        return new NamedEndpoint(
                new Question(host, RecordKind.ADDRESS, options.nameservers()),
                target -> Endpoint.of(host, target.address(), ANY_PORT));
    }
}
