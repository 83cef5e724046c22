package io.myelin.benchmarks.conformance;

import io.myelin.benchmarks.conformance.Transcript.End;
import io.myelin.model.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * One case, carried through one proxy.
 *
 * @param port where the proxy listens for this case
 * @param member where it sends what this case's client asks for, and nothing else
 * @param patience how long to wait for what does not come
 */
record CaseRun(ConformanceCase conversation, int port, ScriptedMember member, Duration patience) {
    /** How long nothing has to arrive at the member before nothing more is expected there. */
    private static final Duration QUIET = Duration.ofMillis(30);

    /** How long something that must arrive there gets after the client has seen everything. */
    private static final Duration LAST_CHANCE = Duration.ofMillis(600);

    private static final String PROBE_REQUEST = "GET " + Observation.PROBE + " HTTP/1.1\r\nHost: web\r\n\r\n";

    /** Returns what is to be said of the proxy. */
    Verdict run(Executor threads) throws IOException, InterruptedException {
        member.serve(conversation.replies(), patience, threads);
        Transcript arrived = new Transcript();
        try (member;
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            var in = socket.getInputStream();
            threads.execute(() -> arrived.record(in));
            return converse(socket, arrived);
        }
    }

    private Verdict converse(Socket socket, Transcript arrived) throws InterruptedException {
        Actor actor = new Actor(socket, arrived, patience);
        String sent = conversation.sent();
        actor.run(conversation.client(), surroundings(sent, arrived));
        int wanted = conversation.responses();
        if (wanted == 0) {
            arrived.awaitEnd(patience);
        } else {
            arrived.await(text -> finals(sent, arrived) >= wanted, patience);
        }
        String received = arrived.text();
        End end = arrived.end();
        boolean serves = conversation.endsOpen() && end == End.NONE && probe(actor, arrived, received.length());
        long deadlineNanos = Clock.SYSTEM.nanoTime() + LAST_CHANCE.toNanos();
        Arrivals atMember = member.arrivals();
        atMember.awaitQuiet(QUIET, LAST_CHANCE);
        while (true) {
            long seen = atMember.count();
            Verdict verdict = judge(new Observation(sent, received, end, serves, member.streams()));
            long leftNanos = deadlineNanos - Clock.SYSTEM.nanoTime();
            if (verdict.grade() == Verdict.Grade.PASS || !atMember.awaitMoreThan(seen, leftNanos)) {
                return verdict;
            }
            atMember.awaitQuiet(QUIET, LAST_CHANCE);
        }
    }

    private Actor.Surroundings surroundings(String sent, Transcript arrived) {
        return new Actor.Surroundings() {
            @Override
            public boolean responses(int count) {
                return CaseRun.responses(sent, arrived) >= count;
            }

            @Override
            public void awaitMember() throws InterruptedException {
                member.awaitDone(patience);
            }
        };
    }

    private static long responses(String sent, Transcript arrived) {
        return read(sent, arrived).filter(ReadResponse::complete).count();
    }

    private static long finals(String sent, Transcript arrived) {
        return read(sent, arrived)
                .filter(response -> response.complete() && !response.interim())
                .count();
    }

    private static Stream<ReadResponse> read(String sent, Transcript arrived) {
        return Observation.answers(sent, arrived.text(), arrived.ended()).responses().stream();
    }

    /** Returns whether one more request is answered, and nothing comes before its answer. */
    private boolean probe(Actor actor, Transcript arrived, int before) throws InterruptedException {
        actor.run(List.of(new Act(Act.Kind.SEND, PROBE_REQUEST, 0)), Actor.NONE);
        return arrived.await(text -> answersProbe(text.substring(before)), patience);
    }

    private static boolean answersProbe(String text) {
        List<ReadResponse> responses =
                ResponseReader.read(text, List.of(), false).responses();
        return responses.size() == 1 && responses.get(0).body().equals(Observation.PROBE);
    }

    private Verdict judge(Observation seen) {
        List<Check> checks = conversation.checks();
        boolean settled = checks.stream().anyMatch(check -> check.settles(seen));
        return Verdict.worst(checks.stream()
                .filter(check -> !settled || check instanceof Safety || check.settles(seen))
                .map(check -> check.of(seen))
                .toList());
    }
}
