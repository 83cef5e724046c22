package io.myelin.synse;

import io.myelin.health.plugin.Plugins;
import io.myelin.httpd.Answer;
import io.myelin.httpd.Answers;
import io.myelin.httpd.Ends;
import io.myelin.model.Clock;
import io.myelin.synse.Routes.Found;
import io.myelin.synse.Routes.Handler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Synse's API over the plugins that are known. */
public final class SynseApi implements Answers {
    private static final String JSON = "application/json";

    private static final Logger log = LoggerFactory.getLogger(SynseApi.class);

    private final Routes routes = new Routes();
    private final Notation notation;
    private final SynseSettings settings;
    private final Clock clock;
    private final DeviceCache devices;
    private final ReadingStreams streams;
    private final Events events;
    private final HttpCounts counts;
    private final SocketCounts sockets = new SocketCounts();

    public SynseApi(Plugins plugins, SynseSettings settings, Clock clock) {
        this.notation = settings.prettyJson() ? Notation.PRETTY : Notation.COMPACT;
        this.settings = settings;
        this.clock = clock;
        this.counts = new HttpCounts(clock);
        this.devices = new DeviceCache(plugins);
        this.streams = new ReadingStreams(plugins, devices);
        ProcessRoutes process = new ProcessRoutes(settings, clock);
        PluginQueries pluginQueries = new PluginQueries(plugins, devices, clock);
        DeviceQueries deviceQueries = new DeviceQueries(devices);
        ReadingQueries readings = new ReadingQueries(plugins, devices);
        Writes writes = new Writes(plugins, devices, new TransactionCache(settings.transactionTtl(), clock));
        this.events = new Events(process, pluginQueries, deviceQueries, readings, streams, writes);
        process.addTo(routes);
        new PluginRoutes(pluginQueries).addTo(routes);
        new DeviceRoutes(deviceQueries).addTo(routes);
        new ReadingRoutes(readings).addTo(routes);
        new WriteRoutes(writes).addTo(routes);
        routes.get(ConnectHandler.PATH, SynseApi::noSocket);
        if (settings.metrics()) {
            new SynseMetrics(plugins, devices, counts, sockets).addTo(routes);
        }
    }

    /** Adds what answers with a stream to the pipeline of a connection, before the handler {@code answer}. */
    void addStreamsTo(ChannelPipeline pipeline) {
        pipeline.addBefore("answer", "read-cache", new ReadCacheHandler(streams, counts));
        pipeline.addBefore(
                "answer", "connect", new ConnectHandler(() -> new SocketHandler(events, streams, sockets, clock)));
    }

    /** Asks plugins for their devices; returns at once. */
    void rebuildDevices() {
        devices.rebuild().whenComplete((made, failure) -> {
            if (failure != null) {
                log.warn("Devices not listed: error={}", Together.reason(failure));
            }
        });
    }

    Duration rebuildEvery() {
        return settings.deviceRebuildEvery();
    }

    private static CompletionStage<Outcome> noSocket(Call call) {
        throw ApiException.invalid("expected: a request to upgrade to a WebSocket, version 13");
    }

    @Override
    public CompletionStage<Answer> answer(FullHttpRequest request, Ends ends) {
        Call call;
        try {
            call = Call.of(request);
        } catch (ApiException e) {
            return CompletableFuture.completedFuture(answer(e));
        }
        Found found = routes.find(call.segments());
        String template = found == null ? HttpCounts.UNKNOWN : found.route().template();
        HttpCounts.Begun begun = counts.begin(call.method(), template);
        CompletionStage<Answer> answer = answer(found, call);
        return template.equals(SynseMetrics.PATH) ? answer : answer.thenApply(known -> counted(known, begun));
    }

    private static Answer counted(Answer answer, HttpCounts.Begun begun) {
        return new Answer(
                answer.status(), answer.contentType(), begun.end(answer.status(), answer.body()), answer.headers());
    }

    private CompletionStage<Answer> answer(@Nullable Found found, Call call) {
        if (found == null) {
            return CompletableFuture.completedFuture(answer(ApiException.notFound(
                    "unknown path: " + call.target() + " (expected: " + routes.templates() + ")")));
        }
        Handler handler = found.route().handlers().get(call.answeredAs());
        if (handler == null) {
            return CompletableFuture.completedFuture(refusal(call, found.route().methods()));
        }
        return answer(handler, call.with(found.variables()));
    }

    private CompletionStage<Answer> answer(Handler handler, Call call) {
        CompletionStage<Outcome> outcome;
        try {
            outcome = handler.answer(call);
        } catch (RuntimeException e) {
            outcome = CompletableFuture.failedFuture(e);
        }
        return outcome.handle((known, failure) ->
                failure == null ? answer(known) : answer(ApiException.of(failure, call.toString())));
    }

    private Answer answer(@Nullable Outcome outcome) {
        Outcome known = outcome == null ? Outcome.of(Map.of()) : outcome;
        Outcome.Text text = known.text();
        return text == null
                ? new Answer(200, JSON, notation.body(known.value()), known.headers())
                : new Answer(200, text.contentType(), text.body(), known.headers());
    }

    private Answer answer(ApiException error) {
        return new Answer(error.status(), JSON, notation.body(ErrorShape.of(error, clock)), Map.of());
    }

    private Answer refusal(Call call, String methods) {
        String context = "method: " + call.method() + " (expected: " + methods + ")";
        return answer(ApiException.wrongMethod(context)).withHeaders(Map.of("Allow", methods));
    }

    @Override
    public Answer error(int status, String message, String target) {
        return answer(ApiException.of(status, message));
    }
}
