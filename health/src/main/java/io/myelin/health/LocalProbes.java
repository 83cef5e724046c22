package io.myelin.health;

import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.RandomSource;
import java.time.Duration;
import java.util.concurrent.ExecutorService;

/** Turns questions to instances into what asks them; some clients block, and are waited for on threads. */
final class LocalProbes {
    private LocalProbes() {}

    static LocalChecks.Step step(
            LocalCheck check, HostNames names, ExecutorService threads, Clock clock, RandomSource random) {
        Probe probe = probe(check, threads, clock);
        CheckConfig config = config(check.rise(), check.fall(), check.connectTimeout(), check.answerTimeout());
        return new LocalChecks.Step(
                check, new CheckPlan(config, probe, new CheckSchedule(config, random), names, clock));
    }

    /** Returns what asks {@code endpoint} within {@code limit}, from the connection to the end of the answer. */
    static Asker asker(
            Question.Within question,
            Endpoint endpoint,
            Duration limit,
            HostNames names,
            Clock clock,
            RandomSource random) {
        CheckConfig config = config(1, 1, limit, limit);
        CheckPlan plan =
                new CheckPlan(config, probe(question, limit, clock), new CheckSchedule(config, random), names, clock);
        return (loop, answer) -> plan.ask(loop, endpoint, answer);
    }

    private static CheckConfig config(int rise, int fall, Duration connectTimeout, Duration answerTimeout) {
        return CheckConfig.every(answerTimeout)
                .with()
                .rise(rise)
                .fall(fall)
                .connectTimeout(connectTimeout)
                .build();
    }

    private static Probe probe(Question.Within question, Duration limit, Clock clock) {
        if (question instanceof Question.Http http) {
            return secured(http, HttpProbe.within(limit, http.request(), clock));
        }
        return new TcpProbe(limit, Introduction.NONE, clock);
    }

    private static Probe probe(LocalCheck check, ExecutorService threads, Clock clock) {
        Question question = check.question();
        if (question instanceof Question.Http http) {
            return secured(
                    http,
                    new HttpProbe(
                            http.request(), check.connectTimeout(), check.answerTimeout(), Introduction.NONE, clock));
        }
        if (question instanceof Question.Tcp) {
            return new TcpProbe(check.connectTimeout(), Introduction.NONE, clock);
        }
        if (question instanceof Question.Redis) {
            return new RedisProbe(check.connectTimeout(), check.answerTimeout(), clock);
        }
        if (question instanceof Question.RabbitMq account) {
            return new RabbitProbe(account, check.connectTimeout(), check.answerTimeout(), threads, clock);
        }
        return new NoProbe();
    }

    private static Probe secured(Question.Http http, HttpProbe plain) {
        if (!http.tls()) {
            return plain;
        }
        return http.verify() ? TlsProbe.verified(plain) : TlsProbe.of(plain, http.handshakeTimeout());
    }
}
