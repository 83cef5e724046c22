package io.myelin.discovery.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.myelin.discovery.fetch.HttpAnswer;
import io.myelin.discovery.fetch.HttpCall;
import io.myelin.discovery.fetch.HttpFetcher;
import io.myelin.discovery.fetch.Trust;
import io.myelin.discovery.polling.PollCount;
import io.myelin.discovery.polling.PollException;
import io.myelin.discovery.polling.PollingWatcher.Poll;
import io.myelin.discovery.polling.Reading;
import io.myelin.discovery.polling.Totals;
import io.myelin.model.Endpoint;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks Marathon for the tasks of one application. */
final class MarathonPoll implements Poll {
    private static final Logger log = LoggerFactory.getLogger(MarathonPoll.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MarathonConfig config;
    private final HttpFetcher fetcher;
    private final Trust trust;
    private final Totals<PollCount> totals;

    MarathonPoll(MarathonConfig config, HttpFetcher fetcher, Totals<PollCount> totals) {
        this.config = config;
        this.fetcher = fetcher;
        this.totals = totals;
        String caFile = config.caFile();
        this.trust = new Trust(caFile == null ? null : Path.of(caFile));
    }

    @Override
    public CompletableFuture<Reading> read() {
        SslContext tls;
        try {
            tls = config.api().tls() ? trust.context() : null;
        } catch (PollException e) {
            return CompletableFuture.failedFuture(e);
        }
        return fetcher.send(config.api(), HttpCall.getJson(config.tasksPath()), tls)
                .thenCompose(answer -> {
                    try {
                        return CompletableFuture.completedFuture(Reading.of(endpoints(answer)));
                    } catch (PollException e) {
                        return CompletableFuture.failedFuture(e);
                    }
                });
    }

    private List<Endpoint> endpoints(HttpAnswer answer) throws PollException {
        if (!answer.ok()) {
            throw new PollException(
                    config.api() + config.tasksPath() + ": status " + answer.status() + " (expected: 200)");
        }
        List<Endpoint> endpoints = new ArrayList<>();
        for (JsonNode task : tasks(answer.body())) {
            // A task that has not started yet has a port already, and nobody listens there.
            if (!task.path("startedAt").asText("").isEmpty()) {
                add(task, endpoints);
            }
        }
        return endpoints;
    }

    private void add(JsonNode task, List<Endpoint> endpoints) {
        String host = task.path("host").asText("");
        int port = task.path("ports").path(config.portIndex()).asInt();
        if (!host.matches("[0-9A-Za-z._:-]{1,255}") || port < 1 || port > 65_535) {
            totals.increment(PollCount.IGNORED_ENTRIES);
            log.debug("Ignored a task without host or port {}: task={}", config.portIndex(), task.path("id"));
        } else {
            endpoints.add(Endpoint.of(host, host, port));
        }
    }

    private JsonNode tasks(byte[] body) throws PollException {
        try {
            JsonNode tasks = JSON.readTree(body).path("tasks");
            if (tasks.isArray()) {
                return tasks;
            }
            throw new PollException(config.api() + ": no tasks (expected: {\"tasks\": [...]})");
        } catch (IOException e) {
            throw new PollException(config.api() + ": not JSON (expected: {\"tasks\": [...]})", e);
        }
    }
}
