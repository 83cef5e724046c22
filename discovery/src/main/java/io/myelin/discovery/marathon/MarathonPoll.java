package io.myelin.discovery.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.myelin.discovery.fetch.HttpAnswer;
import io.myelin.discovery.fetch.HttpCall;
import io.myelin.discovery.fetch.HttpFetcher;
import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.fetch.Trusts;
import io.myelin.discovery.polling.PollCount;
import io.myelin.discovery.polling.PollException;
import io.myelin.discovery.polling.PollingWatcher.Poll;
import io.myelin.discovery.polling.Reading;
import io.myelin.discovery.polling.Totals;
import io.myelin.model.Endpoint;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Marathon for the tasks of one application: where it answered last, and elsewhere if it does not answer there.
 */
@OwnedBy(Owner.REGISTRY)
final class MarathonPoll implements Poll {
    private static final Logger log = LoggerFactory.getLogger(MarathonPoll.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MarathonConfig config;
    private final HttpFetcher fetcher;
    private final Trusts trusts;
    private final Totals<PollCount> totals;
    /** Which of the addresses is asked first. */
    private int preferred;

    MarathonPoll(MarathonConfig config, HttpFetcher fetcher, Trusts trusts, Totals<PollCount> totals) {
        this.config = config;
        this.fetcher = fetcher;
        this.trusts = trusts;
        this.totals = totals;
    }

    @Override
    public CompletableFuture<Reading> read() {
        return readAt(preferred, "");
    }

    /** Asks at the address of that number, and then at those that are left. */
    private CompletableFuture<Reading> readAt(int index, String reasons) {
        HttpOrigin api = config.apis().get(index);
        return ask(api).handle((answer, failure) -> {
                    try {
                        if (answer == null) {
                            throw failed(api, failure);
                        }
                        Reading reading = Reading.of(endpoints(api, answer));
                        preferred = index;
                        return CompletableFuture.completedFuture(reading);
                    } catch (PollException e) {
                        return elsewhere(index, reasons + e.getMessage());
                    }
                })
                .thenCompose(reading -> reading);
    }

    private CompletableFuture<Reading> elsewhere(int failed, String reasons) {
        int next = (failed + 1) % config.apis().size();
        return next == preferred
                ? CompletableFuture.failedFuture(new PollException(reasons))
                : readAt(next, reasons + "; ");
    }

    private CompletableFuture<HttpAnswer> ask(HttpOrigin api) {
        try {
            HttpCall call = config.authorized(HttpCall.getJson(config.tasksPath()));
            return fetcher.send(api, call, trusts.of(api, config.tls()));
        } catch (PollException e) {
            return CompletableFuture.failedFuture(new PollException(api + ": " + e.getMessage(), e));
        }
    }

    private static PollException failed(HttpOrigin api, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof PollException known ? known : new PollException(api + ": " + cause);
    }

    private List<Endpoint> endpoints(HttpOrigin api, HttpAnswer answer) throws PollException {
        if (!answer.ok()) {
            throw new PollException(api + config.tasksPath() + ": status " + answer.status() + " (expected: 200)");
        }
        List<Endpoint> endpoints = new ArrayList<>();
        for (JsonNode task : tasks(api, answer.body())) {
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

    private static JsonNode tasks(HttpOrigin api, byte[] body) throws PollException {
        try {
            JsonNode tasks = JSON.readTree(body).path("tasks");
            if (tasks.isArray()) {
                return tasks;
            }
            throw new PollException(api + ": no tasks (expected: {\"tasks\": [...]})");
        } catch (IOException e) {
            throw new PollException(api + ": not JSON (expected: {\"tasks\": [...]})", e);
        }
    }
}
