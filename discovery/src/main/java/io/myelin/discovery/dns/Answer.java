package io.myelin.discovery.dns;

import io.myelin.model.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the name of a question.
 *
 * @param services the hosts behind it: itself, or those of its SRV records
 * @param addresses of each host and family that was answered about
 * @param failures why nothing is known of the others
 * @param ttlSeconds how long the whole of it holds; {@link Reply#UNSTATED} if that is not said
 */
record Answer(
        List<ServiceRecord> services, Map<Part, List<String>> addresses, Map<Part, String> failures, long ttlSeconds) {
    /** Returns what takes no asking. */
    static Answer literal(String host) {
        return new Answer(
                List.of(ServiceRecord.plain(host)),
                Map.of(new Part(host, Lookups.FAMILIES.get(0)), List.of(host)),
                Map.of(),
                Reply.UNSTATED);
    }

    Answer until(long otherTtlSeconds) {
        return new Answer(services, addresses, failures, Math.min(ttlSeconds, otherTtlSeconds));
    }

    /** Returns this with the addresses of {@code previous} where there was no answer. */
    Answer orFailing(@Nullable Answer previous) {
        if (previous == null || failures.isEmpty()) {
            return this;
        }
        Map<Part, List<String>> merged = new LinkedHashMap<>(addresses);
        failures.keySet().forEach(part -> {
            List<String> known = previous.addresses.get(part);
            if (known != null) {
                merged.put(part, known);
            }
        });
        return new Answer(services, merged, failures, ttlSeconds);
    }

    /**
     * Returns the first reason why something is not known, or only from {@code previous}; empty if there is none. A
     * family of which nothing was ever known does not count as long as the other one is answered about: there are name
     * servers that know no AAAA records, and fail when they are asked.
     */
    String failure(@Nullable Answer previous) {
        for (Map.Entry<Part, String> failure : failures.entrySet()) {
            Part part = failure.getKey();
            boolean retained = previous != null
                    && !previous.addresses.getOrDefault(part, List.of()).isEmpty();
            if (retained || !answersAbout(part.host())) {
                return failure.getValue();
            }
        }
        return "";
    }

    /** Returns whether nothing was answered about some host. */
    boolean incomplete() {
        return services.stream().anyMatch(service -> !answersAbout(service.host()));
    }

    /** Returns every address, in no particular order. */
    List<Target> targets() {
        Set<Target> targets = new LinkedHashSet<>();
        int first = services.stream().mapToInt(ServiceRecord::priority).min().orElse(0);
        int heaviest = services.stream().mapToInt(ServiceRecord::weight).max().orElse(0);
        for (ServiceRecord service : services) {
            Integer weight = heaviest == 0 ? null : Integer.valueOf(scaled(service.weight(), heaviest));
            for (String address : addressesOf(service.host())) {
                targets.add(new Target(service.host(), address, service.port(), weight, service.priority() > first));
            }
        }
        return List.copyOf(targets);
    }

    private boolean answersAbout(String host) {
        return addresses.keySet().stream().anyMatch(part -> part.host().equals(host));
    }

    private List<String> addressesOf(String host) {
        List<String> found = new ArrayList<>();
        addresses.forEach((part, literals) -> {
            if (part.host().equals(host)) {
                found.addAll(literals);
            }
        });
        return found;
    }

    /** A record of weight 0 has a very small chance beside others (RFC 2782), which is the least weight there is. */
    private static int scaled(int weight, int heaviest) {
        return Math.max(1, heaviest <= Endpoint.MAX_WEIGHT ? weight : weight * Endpoint.MAX_WEIGHT / heaviest);
    }
}
