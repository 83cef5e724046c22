package io.myelin.discovery.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.myelin.discovery.fetch.HttpAnswer;
import io.myelin.discovery.fetch.HttpCall;
import io.myelin.discovery.fetch.HttpFetcher;
import io.myelin.discovery.fetch.Trusts;
import io.myelin.discovery.polling.PollCount;
import io.myelin.discovery.polling.PollException;
import io.myelin.discovery.polling.PollingWatcher.Poll;
import io.myelin.discovery.polling.Reading;
import io.myelin.discovery.polling.Totals;
import io.myelin.model.Endpoint;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks every daemon for its containers at once; a daemon that fails keeps those it had. */
@OwnedBy(Owner.REGISTRY)
final class DockerPoll implements Poll {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpCall CONTAINERS = HttpCall.getJson("/containers/json");

    private final DockerConfig config;
    private final HttpFetcher fetcher;
    private final Trusts trusts;
    private final Totals<PollCount> totals;
    private final ImageName image;
    private final Map<DockerHost, List<Endpoint>> known = new HashMap<>();

    DockerPoll(DockerConfig config, HttpFetcher fetcher, Trusts trusts, Totals<PollCount> totals) {
        this.config = config;
        this.fetcher = fetcher;
        this.trusts = trusts;
        this.totals = totals;
        this.image = ImageName.parse(config.image());
    }

    @Override
    public CompletableFuture<Reading> read() {
        List<CompletableFuture<String>> problems =
                config.servers().stream().map(this::ask).toList();
        return CompletableFuture.allOf(problems.toArray(CompletableFuture[]::new))
                .thenCompose(all -> reading(problems.stream()
                        .map(CompletableFuture::join)
                        .filter(problem -> !problem.isEmpty())
                        .collect(Collectors.joining("; "))));
    }

    private CompletableFuture<Reading> reading(String problem) {
        List<Endpoint> endpoints = config.servers().stream()
                .flatMap(server -> known.getOrDefault(server, List.of()).stream())
                .toList();
        boolean unknown = known.size() < config.servers().stream().distinct().count();
        return unknown && endpoints.isEmpty()
                ? CompletableFuture.failedFuture(new PollException(problem))
                : CompletableFuture.completedFuture(new Reading(endpoints, problem));
    }

    /** Asks one daemon; returns why it could not be read, which is no failure of the whole. */
    private CompletableFuture<String> ask(DockerHost server) {
        SslContext tls;
        try {
            tls = trusts.of(server.daemon(), server.tls());
        } catch (PollException e) {
            return CompletableFuture.completedFuture(server.daemon() + ": " + e.getMessage());
        }
        return fetcher.send(server.daemon(), CONTAINERS, tls).handle((answer, failure) -> {
            try {
                if (answer == null) {
                    return reason(failure);
                }
                known.put(server, endpoints(server, answer));
                return "";
            } catch (PollException e) {
                return String.valueOf(e.getMessage());
            }
        });
    }

    private List<Endpoint> endpoints(DockerHost server, HttpAnswer answer) throws PollException {
        if (!answer.ok()) {
            throw new PollException(server.daemon() + ": status " + answer.status() + " (expected: 200)");
        }
        JsonNode containers = parse(server, answer.body());
        List<Endpoint> endpoints = new ArrayList<>();
        for (JsonNode container : containers) {
            if (image.matches(ImageName.parse(container.path("Image").asText()))) {
                List<Integer> ports = PublishedPorts.of(container.path("Ports"), config.containerPort());
                if (ports.isEmpty()) {
                    totals.increment(PollCount.IGNORED_ENTRIES);
                }
                ports.forEach(port -> endpoints.add(Endpoint.of(server.name(), server.host(), port)));
            }
        }
        return endpoints;
    }

    private static JsonNode parse(DockerHost server, byte[] body) throws PollException {
        try {
            JsonNode containers = JSON.readTree(body);
            if (containers.isArray()) {
                return containers;
            }
            throw new PollException(
                    server.daemon() + ": " + containers.getNodeType() + " (expected: a list of containers)");
        } catch (IOException e) {
            throw new PollException(server.daemon() + ": not JSON (expected: a list of containers)", e);
        }
    }

    private static String reason(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof PollException ? String.valueOf(cause.getMessage()) : String.valueOf(cause);
    }
}
