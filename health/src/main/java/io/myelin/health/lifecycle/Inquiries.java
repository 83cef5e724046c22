package io.myelin.health.lifecycle;

import io.myelin.health.Asker;
import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.Expectation.Kind;
import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.health.CheckStatus;
import io.myelin.health.Checker;
import io.myelin.health.Finding;
import io.myelin.health.ProbeResult;
import io.myelin.health.Question;
import io.myelin.health.grpc.GrpcAsker;
import io.myelin.health.grpc.GrpcSecurity;
import io.myelin.health.lifecycle.ProbeSubject.Port;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Turns probes into what asks an instance. */
final class Inquiries {
    private static final Expectation WHOLE_2XX = new Expectation(Kind.STATUS_AND_WHOLE_BODY, false, "200-299");

    private final Checker checker;
    private final Programs programs;
    private final Clock clock;

    Inquiries(Checker checker, Programs programs, Clock clock) {
        this.checker = checker;
        this.programs = programs;
        this.clock = clock;
    }

    /**
     * Returns what a probe asks.
     *
     * @param probe {@code liveness} or {@code readiness}
     * @throws IllegalArgumentException if the instance has no port that the probe asks for
     */
    Inquiry of(String probe, ProbeConfig config, ProbeSubject subject) {
        ProbeConfig.Way way = config.way();
        if (way instanceof ProbeConfig.Http http) {
            return http(http, new PortChoice(subject, probe, http.port()).speaking(http.protocol()), config.timeout());
        }
        if (way instanceof ProbeConfig.Tcp tcp) {
            return tcp(new PortChoice(subject, probe, tcp.port()).first(), config.timeout());
        }
        if (way instanceof ProbeConfig.Grpc grpc) {
            return grpc(
                    grpc, new PortChoice(subject, probe, grpc.port()).preferring(grpc.protocol()), config.timeout());
        }
        if (way instanceof ProbeConfig.Exec exec) {
            return exec(exec, subject, config.timeout());
        }
        throw new IllegalArgumentException(
                "service " + subject.service() + ": " + probe + ": " + way + " (expected: http, tcp, grpc or exec)");
    }

    private Inquiry http(ProbeConfig.Http http, Port port, Duration limit) {
        boolean tls = port.protocol().equals("https") || http.protocol().equals("https");
        HttpCheck request = new HttpCheck("GET", http.path(), "HTTP/1.1", fields(http.headers()), WHOLE_2XX);
        Endpoint endpoint = endpoint(port);
        String target = "GET " + (tls ? "https" : "http") + "://" + endpoint.address() + http.path();
        return new Inquiry(target, checker.asker(new Question.Http(request, tls, http.verify()), endpoint, limit));
    }

    private Inquiry tcp(Port port, Duration limit) {
        Endpoint endpoint = endpoint(port);
        return new Inquiry("tcp " + endpoint.address(), checker.asker(new Question.Tcp(), endpoint, limit));
    }

    private Inquiry grpc(ProbeConfig.Grpc grpc, Port port, Duration limit) {
        String protocol = grpc.protocol().isEmpty() ? port.protocol() : grpc.protocol();
        GrpcSecurity security = !protocol.equals("https")
                ? GrpcSecurity.NONE
                : grpc.verify() ? GrpcSecurity.VERIFIED : GrpcSecurity.ENCRYPTED;
        String target = (security == GrpcSecurity.NONE ? "grpc " : "grpc over TLS ")
                + endpoint(port).address()
                + (grpc.service().isEmpty() ? "" : "/" + grpc.service());
        GrpcAsker asker = new GrpcAsker(grpc.service(), port.host(), port.port(), security, limit, clock);
        return new Inquiry(target, asker, asker::end);
    }

    private Inquiry exec(ProbeConfig.Exec exec, ProbeSubject subject, Duration limit) {
        Map<String, String> environment = environment(subject);
        Asker asker = (loop, answer) -> ask(exec.command(), environment, limit, answer);
        return new Inquiry("exec " + exec.command().get(0), asker);
    }

    private void ask(List<String> words, Map<String, String> environment, Duration limit, Promise<ProbeResult> answer) {
        Programs.Run run = programs.run(
                words, environment, limit, end -> answer.trySuccess(new ProbeResult(finding(end, limit), end.nanos())));
        answer.addListener(done -> {
            if (done.isCancelled()) {
                run.cancel();
            }
        });
    }

    private static Finding finding(Programs.End end, Duration limit) {
        String after = end.line().isEmpty() ? "" : ": " + end.line();
        return switch (end.outcome()) {
            case EXITED ->
                end.code() == 0
                        ? Finding.of(CheckStatus.L7OK, end.line().isEmpty() ? "exit code 0" : end.line())
                        : Finding.of(CheckStatus.L7STS, "exit code " + end.code() + after);
            case TIMED_OUT -> Finding.of(CheckStatus.L7TOUT, "timeout after " + limit.toMillis() + " ms" + after);
            case NOT_STARTED -> Finding.of(CheckStatus.L4CON, end.line());
            case CANCELED -> Finding.of(CheckStatus.SOCKERR, "stopped");
        };
    }

    /** Returns what a program is told of the instance. */
    static Map<String, String> environment(ProbeSubject subject) {
        if (subject.ports().isEmpty()) {
            return Map.of("MYELIN_SERVICE", subject.service(), "MYELIN_INSTANCE", subject.name());
        }
        Port port = subject.ports().get(0);
        return Map.of(
                "MYELIN_SERVICE", subject.service(),
                "MYELIN_INSTANCE", subject.name(),
                "MYELIN_HOST", port.host(),
                "MYELIN_PORT", Integer.toString(port.port()));
    }

    private static Endpoint endpoint(Port port) {
        return port.host().startsWith("/")
                ? Endpoint.ofUnix("", port.host())
                : Endpoint.of("", port.host(), port.port());
    }

    private static List<String> fields(List<String> headers) {
        List<String> fields = new ArrayList<>(headers);
        if (headers.stream().noneMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("user-agent:"))) {
            fields.add("User-Agent: myelin-probe");
        }
        return fields;
    }
}
