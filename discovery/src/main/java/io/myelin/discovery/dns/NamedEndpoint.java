package io.myelin.discovery.dns;

import io.myelin.model.Endpoint;
import java.util.List;
import java.util.function.Function;

/**
 * What stands for some endpoints until its name is resolved.
 *
 * @param question what leads to their addresses
 * @param endpoint makes an endpoint of each address
 */
public record NamedEndpoint(Question question, Function<Target, Endpoint> endpoint) {
    /** Returns the endpoints at the addresses of the host of {@code endpoint}, in all else like it. */
    public static NamedEndpoint of(Endpoint endpoint, List<Nameserver> nameservers) {
        return new NamedEndpoint(
                new Question(endpoint.host(), RecordKind.ADDRESS, nameservers),
                target -> at(endpoint, target.address()));
    }

    private static Endpoint at(Endpoint endpoint, String address) {
        if (endpoint.unix() || endpoint.host().equals(address)) {
            return endpoint;
        }
        return endpoint.withHost(address);
    }
}
