package io.myelin.admin;

import io.myelin.model.Endpoint;
import io.myelin.pool.PassedOver;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint that its source names and the pool does not use, as JSON.
 *
 * @param sequence the registry's number for it, {@code null} if it has none
 */
record PassedOverView(
        String id, String name, String address, @Nullable Long sequence, Map<String, String> labels, String reason) {
    static PassedOverView of(PassedOver passedOver) {
        Endpoint endpoint = passedOver.endpoint();
        return new PassedOverView(
                endpoint.id().value(),
                endpoint.name(),
                endpoint.address(),
                endpoint.sequence(),
                new TreeMap<>(endpoint.labels()),
                passedOver.reason());
    }
}
