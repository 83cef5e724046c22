package io.myelin.health.lifecycle;

import io.myelin.health.lifecycle.LifecycleConfig.CommandHook;
import io.myelin.health.lifecycle.LifecycleConfig.HttpHook;
import io.myelin.health.lifecycle.LifecycleConfig.RestartHook;
import io.myelin.health.lifecycle.ProbeSubject.Port;
import io.myelin.model.Clock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls what restarts instances that somebody else runs: a few at once, not too often for the same instance, and on
 * threads of its own, of which there are none before the first call. Safe from any thread.
 */
public final class RestartHooks implements AutoCloseable {
    /** From the call to the end of the program, or to the whole answer. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(RestartHooks.class);

    private final Clock clock;
    private final Programs programs;
    private final Map<Instance, Calls> calls = new ConcurrentHashMap<>();

    /** The client is made by the first HTTP call. */
    private static final class Http {
        static final HttpClient CLIENT = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(Redirect.NEVER)
                .connectTimeout(LIMIT)
                .build();
    }

    private record Instance(String service, String name) {}

    /** What became of the calls for one instance, and when there may be another. */
    private record Calls(HookReport report, HookPace pace) {
        Calls called(long nowNanos, long nowMillis) {
            HookPace next = pace.afterCall(nowNanos);
            long waitMillis = TimeUnit.NANOSECONDS.toMillis(next.nextNanos() - nowNanos);
            return new Calls(
                    new HookReport(
                            report.service(),
                            report.instance(),
                            report.calls() + 1,
                            report.failures(),
                            report.skipped(),
                            report.result(),
                            nowMillis,
                            nowMillis + waitMillis),
                    next);
        }

        Calls skipped() {
            return with(0, 1, report.result());
        }

        Calls ended(boolean failed, String result) {
            return with(failed ? 1 : 0, 0, result);
        }

        Calls ready(long nowNanos) {
            return new Calls(report, pace.onReady(nowNanos));
        }

        private Calls with(int moreFailures, int moreSkipped, String result) {
            return new Calls(
                    new HookReport(
                            report.service(),
                            report.instance(),
                            report.calls(),
                            report.failures() + moreFailures,
                            report.skipped() + moreSkipped,
                            result,
                            report.atMillis(),
                            report.nextMillis()),
                    pace);
        }
    }

    public RestartHooks(Clock clock) {
        this.clock = clock;
        this.programs = new Programs("health-hooks", clock);
    }

    /** Returns what became of the calls for an instance, {@code null} if liveness of it never failed. */
    public @Nullable HookReport report(String service, String instance) {
        Calls known = calls.get(new Instance(service, instance));
        return known == null ? null : known.report();
    }

    /** Ends the programs that run, and calls nothing more. */
    @Override
    public void close() {
        programs.close();
    }

    /** Calls {@code hook} because liveness of {@code subject} failed, unless it was called too recently. */
    void call(RestartHook hook, ProbeSubject subject, String reason) {
        Instance instance = new Instance(subject.service(), subject.name());
        long nowNanos = clock.nanoTime();
        Calls before = calls.computeIfAbsent(
                instance,
                key -> new Calls(new HookReport(key.service(), key.name(), 0, 0, 0, "", 0, 0), HookPace.START));
        if (!before.pace().admits(nowNanos)) {
            update(instance, Calls::skipped);
            return;
        }
        update(instance, known -> known.called(nowNanos, clock.wallMillis()));
        log.info(
                "Calling the restart hook: service={} instance={} reason={}",
                instance.service(),
                instance.name(),
                reason);
        begin(hook, subject, instance, reason);
    }

    /** An instance is ready, and its next failure may be a new story. */
    void onReady(ProbeSubject subject) {
        Instance instance = new Instance(subject.service(), subject.name());
        if (calls.containsKey(instance)) {
            update(instance, known -> known.ready(clock.nanoTime()));
        }
    }

    /** An instance is gone. */
    void forget(ProbeSubject subject) {
        calls.remove(new Instance(subject.service(), subject.name()));
    }

    private void begin(RestartHook hook, ProbeSubject subject, Instance instance, String reason) {
        try {
            if (hook instanceof CommandHook command) {
                run(command, subject, instance, reason);
            } else if (hook instanceof HttpHook http) {
                post(http, subject, instance, reason);
            }
        } catch (IllegalArgumentException e) {
            end(instance, true, String.valueOf(e.getMessage()));
        }
    }

    private void run(CommandHook hook, ProbeSubject subject, Instance instance, String reason) {
        Map<String, String> environment = new HashMap<>(Inquiries.environment(subject));
        environment.put("MYELIN_REASON", reason);
        programs.run(hook.words(), environment, LIMIT, end -> {
            boolean failed = end.outcome() != Programs.Outcome.EXITED || end.code() != 0;
            String first = end.line().isEmpty() ? "" : ": " + end.line();
            end(
                    instance,
                    failed,
                    switch (end.outcome()) {
                        case EXITED -> "exit code " + end.code() + first;
                        case TIMED_OUT -> "killed after " + LIMIT.toSeconds() + " s" + first;
                        case NOT_STARTED -> end.line();
                        case CANCELED -> "stopped";
                    });
        });
    }

    private void post(HttpHook hook, ProbeSubject subject, Instance instance, String reason) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(hook.url()))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body(subject, reason)))
                .build();
        Http.CLIENT.sendAsync(request, BodyHandlers.discarding()).whenComplete((response, failure) -> {
            if (failure == null) {
                end(instance, response.statusCode() / 100 != 2, "http " + response.statusCode());
            } else {
                Throwable cause = Objects.requireNonNullElse(failure.getCause(), failure);
                end(instance, true, Objects.requireNonNullElse(cause.getMessage(), cause.toString()));
            }
        });
    }

    private void end(Instance instance, boolean failed, String result) {
        if (failed) {
            log.warn(
                    "The restart hook failed: service={} instance={} result={}",
                    instance.service(),
                    instance.name(),
                    result);
        } else {
            log.info(
                    "The restart hook is over: service={} instance={} result={}",
                    instance.service(),
                    instance.name(),
                    result);
        }
        update(instance, known -> known.ended(failed, result));
    }

    private void update(Instance instance, UnaryOperator<Calls> change) {
        calls.computeIfPresent(instance, (key, known) -> change.apply(known));
    }

    private static String body(ProbeSubject subject, String reason) {
        Stream<String> known = Stream.of(
                field("service", subject.service()), field("instance", subject.name()), field("reason", reason));
        List<Port> ports = subject.ports();
        Stream<String> address = ports.isEmpty()
                ? Stream.of()
                : Stream.of(
                        field("host", ports.get(0).host()),
                        "\"port\":" + ports.get(0).port());
        return "{" + String.join(",", Stream.concat(known, address).toList()) + "}";
    }

    /** Writes a member of a JSON object (RFC 8259, section 7). */
    private static String field(String name, String value) {
        StringBuilder text = new StringBuilder().append('"').append(name).append("\":\"");
        value.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                text.append('\\').append((char) c);
            } else if (c < ' ') {
                text.append(String.format("\\u%04x", c));
            } else {
                text.append((char) c);
            }
        });
        return text.append('"').toString();
    }
}
