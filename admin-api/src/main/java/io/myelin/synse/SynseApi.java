package io.myelin.synse;

import io.myelin.health.plugin.Plugins;
import io.myelin.httpd.Answer;
import io.myelin.httpd.Answers;
import io.myelin.httpd.Ends;
import io.myelin.model.Clock;
import io.myelin.synse.Routes.Found;
import io.myelin.synse.Routes.Handler;
import io.netty.handler.codec.http.FullHttpRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Synse's API, apart from what is streamed. */
public final class SynseApi implements Answers {
    private static final String JSON = "application/json";

    private final Routes routes = new Routes();
    private final Notation notation;
    private final Clock clock;

    public SynseApi(Plugins plugins, SynseSettings settings, Clock clock) {
        this.notation = settings.prettyJson() ? Notation.PRETTY : Notation.COMPACT;
        this.clock = clock;
        new ProcessRoutes(settings, clock).addTo(routes);
        new PluginRoutes(new PluginQueries(plugins, clock)).addTo(routes);
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
