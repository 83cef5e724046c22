package io.myelin.health;

import static io.myelin.health.CheckStatus.L4CON;

import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointOptions;
import io.myelin.model.MemberTls;
import io.myelin.model.MemberTlsWords;
import io.myelin.model.RandomSource;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A check configuration made ready to use.
 *
 * @param config what it was made of
 * @param probe asks in the clear
 * @param encrypted asks those who are to be asked over TLS
 * @param schedule says when
 * @param names finds addresses
 * @param clock dates verdicts
 */
record CheckPlan(
        CheckConfig config,
        Probe probe,
        EncryptedProbe encrypted,
        CheckSchedule schedule,
        HostNames names,
        Clock clock) {
    /** Creates a plan that asks nobody over TLS. */
    CheckPlan(CheckConfig config, Probe probe, CheckSchedule schedule, HostNames names, Clock clock) {
        this(
                config,
                probe,
                EncryptedProbe.of(config, Introduction.NONE, clock, CheckEncryption.NONE),
                schedule,
                names,
                clock);
    }

    /** The same as {@link #of(CheckConfig, HostNames, Clock, RandomSource, CheckEncryption)} without encryption. */
    static CheckPlan of(CheckConfig config, HostNames names, Clock clock, RandomSource random) {
        return of(config, names, clock, random, CheckEncryption.NONE);
    }

    static CheckPlan of(
            CheckConfig config, HostNames names, Clock clock, RandomSource random, CheckEncryption encryption) {
        @Nullable HttpCheck http = config.http();
        Introduction introduction = Introduction.of(config.sendProxy());
        Probe probe = http == null
                ? new TcpProbe(config.connectTimeout(), introduction, clock)
                : new HttpProbe(http, config.connectTimeout(), config.readTimeout(), introduction, clock);
        EncryptedProbe encrypted = EncryptedProbe.of(config, introduction, clock, encryption);
        return new CheckPlan(config, probe, encrypted, new CheckSchedule(config, random), names, clock);
    }

    /** Checks {@code endpoint} once, on the current event loop {@code loop}; see {@link Probe#ask}. */
    void ask(EventLoop loop, Endpoint endpoint, Promise<ProbeResult> answer) {
        ask(loop, endpoint, "", answer);
    }

    /** Returns whether endpoints are told what is thought of them. */
    boolean sendsState() {
        HttpCheck http = config.http();
        return http != null && http.sendState();
    }

    /** The same, telling it {@code state}, see {@link Probe#ask}. */
    void ask(EventLoop loop, Endpoint endpoint, String state, Promise<ProbeResult> answer) {
        if (endpoint.unix()) {
            askAt(UnixDomainSocketAddress.of(endpoint.host()), loop, endpoint, state, answer);
            return;
        }
        CompletableFuture<InetAddress> resolved = names.resolve(endpoint.host());
        if (resolved.isDone()) {
            onResolved(loop, endpoint, state, resolved, answer);
            return;
        }
        ScheduledFuture<?> timer = loop.schedule(
                () -> answer.trySuccess(unresolved(endpoint)),
                config.connectTimeout().toNanos(),
                TimeUnit.NANOSECONDS);
        // Once the loop has stopped it refuses the task, and nobody waits for the answer any more.
        resolved.whenComplete((address, failure) -> loop.execute(() -> {
            timer.cancel(false);
            if (!answer.isDone()) {
                onResolved(loop, endpoint, state, resolved, answer);
            }
        }));
    }

    private void onResolved(
            EventLoop loop,
            Endpoint endpoint,
            String state,
            CompletableFuture<InetAddress> resolved,
            Promise<ProbeResult> answer) {
        if (resolved.isCompletedExceptionally()) {
            answer.trySuccess(unresolved(endpoint));
        } else {
            askAt(new InetSocketAddress(resolved.join(), portOf(endpoint)), loop, endpoint, state, answer);
        }
    }

    private void askAt(
            SocketAddress address, EventLoop loop, Endpoint endpoint, String state, Promise<ProbeResult> answer) {
        MemberTls tls = MemberTlsWords.over(config.tls(), endpoint.options()).ofChecks(hasOwnPort(endpoint));
        if (tls == null) {
            probe.ask(loop, endpoint, state, address, answer);
        } else {
            encrypted.ask(tls, loop, endpoint, state, address, answer);
        }
    }

    private boolean hasOwnPort(Endpoint endpoint) {
        return config.port() != null
                || EndpointOptions.parse(endpoint.options()).checkPort() != null;
    }

    private int portOf(Endpoint endpoint) {
        Integer own = EndpointOptions.parse(endpoint.options()).checkPort();
        Integer port = own == null ? config.port() : own;
        return port == null ? endpoint.port() : port;
    }

    private static ProbeResult unresolved(Endpoint endpoint) {
        return new ProbeResult(Finding.of(L4CON, "cannot resolve host " + endpoint.host()), 0);
    }
}
