package io.myelin.discovery.testing;

import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.SourceStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A sink that remembers everything; safe from any thread. */
public final class RecordingSink implements EndpointSink {
    private final List<EndpointSet> sets = new CopyOnWriteArrayList<>();
    private final List<SourceStatus> statuses = new CopyOnWriteArrayList<>();
    private final List<Map<String, List<String>>> resolved = new CopyOnWriteArrayList<>();
    private final List<String> configurations = new CopyOnWriteArrayList<>();

    @Override
    public void replace(EndpointSet endpoints) {
        sets.add(endpoints);
    }

    @Override
    public void status(SourceStatus status) {
        statuses.add(status);
    }

    @Override
    public void configure(String sections) {
        configurations.add(sections);
    }

    @Override
    public void resolve(Map<String, List<String>> addresses) {
        resolved.add(addresses);
    }

    /** Returns everything that was said of names of default servers. */
    public List<Map<String, List<String>>> resolved() {
        return List.copyOf(resolved);
    }

    /** Returns once {@code expected} was the latest that was said of names of default servers. */
    public void awaitResolved(Map<String, List<String>> expected) {
        Eventually.holds(
                "addresses " + expected,
                () -> !resolved.isEmpty() && resolved.get(resolved.size() - 1).equals(expected));
    }

    /** Returns every configuration that was delivered. */
    public List<String> configurations() {
        return List.copyOf(configurations);
    }

    /** Returns once these configurations, and no others, were delivered. */
    public void awaitConfigurations(String... expected) {
        Eventually.holds("configurations " + List.of(expected), () -> configurations.equals(List.of(expected)));
    }

    public List<EndpointSet> sets() {
        return List.copyOf(sets);
    }

    /** Returns the set delivered last; there must have been one. */
    public EndpointSet lastSet() {
        return sets.get(sets.size() - 1);
    }

    public List<SourceStatus> statuses() {
        return List.copyOf(statuses);
    }

    /** Returns the addresses of the set delivered last, in order; empty if none was. */
    public List<String> addresses() {
        List<EndpointSet> seen = sets();
        return seen.isEmpty()
                ? List.of()
                : seen.get(seen.size() - 1).endpoints().stream()
                        .map(Endpoint::address)
                        .sorted()
                        .toList();
    }

    public SourceStatus lastStatus() {
        return statuses.get(statuses.size() - 1);
    }

    /** Returns once the set delivered last consists of {@code addresses}. */
    public void awaitAddresses(String... addresses) {
        List<String> expected = List.of(addresses).stream().sorted().toList();
        Eventually.holds(
                "endpoints " + expected, () -> !sets.isEmpty() && addresses().equals(expected));
    }

    /** Returns once the status reported last is {@code state}. */
    public void awaitState(SourceStatus.State state) {
        Eventually.holds(
                "state " + state, () -> !statuses.isEmpty() && lastStatus().state() == state);
    }
}
