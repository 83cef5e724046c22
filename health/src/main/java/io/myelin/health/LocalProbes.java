package io.myelin.health;

import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import java.util.concurrent.ExecutorService;

/** Turns the checks of instances of this host into what asks; some clients block, and are waited for on threads. */
final class LocalProbes {
    private LocalProbes() {}

    static LocalChecks.Step step(
            LocalCheck check, HostNames names, ExecutorService threads, Clock clock, RandomSource random) {
        CheckConfig config = new CheckConfig(
                check.answerTimeout(),
                check.answerTimeout(),
                check.answerTimeout(),
                check.rise(),
                check.fall(),
                check.connectTimeout(),
                check.answerTimeout(),
                null,
                null);
        return new LocalChecks.Step(
                check,
                new CheckPlan(config, probe(check, threads, clock), new CheckSchedule(config, random), names, clock));
    }

    private static Probe probe(LocalCheck check, ExecutorService threads, Clock clock) {
        Question question = check.question();
        if (question instanceof Question.Http http) {
            HttpProbe plain = new HttpProbe(
                    http.request(), check.connectTimeout(), check.answerTimeout(), Introduction.NONE, clock);
            return http.tls() ? TlsProbe.of(plain) : plain;
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
}
