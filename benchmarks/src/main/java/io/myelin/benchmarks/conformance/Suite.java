package io.myelin.benchmarks.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** All cases. */
final class Suite {
    private static final int AT_ONCE = 32;

    /** The files, in the order in which they are reported. */
    private static final List<String> FILES = List.of(
            "request-lines.http",
            "request-fields.http",
            "request-bodies.http",
            "responses.http",
            "hop-by-hop.http",
            "connections.http",
            "expectations.http",
            "upgrades.http",
            "attacks-on-lengths.http",
            "attacks-on-chunks.http",
            "attacks-on-lines.http",
            "attacks-on-targets.http",
            "bad-responses.http",
            "robustness.http");

    private Suite() {}

    /**
     * A case and what came of it.
     *
     * @param verdict of the case
     */
    record Result(ConformanceCase conversation, Verdict verdict) {
        String category() {
            return conversation.category();
        }
    }

    /** Returns all cases in order. */
    static List<ConformanceCase> cases() {
        return FILES.stream()
                .flatMap(file -> CaseFile.read(file).cases().stream())
                .toList();
    }

    /**
     * Starts a proxy, which the caller closes, and puts it through the cases, which begin in order, many at a time.
     *
     * @throws IOException if it does not start
     */
    static List<Result> run(Contender contender, List<ConformanceCase> cases) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool(Suite::daemon);
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE, Suite::daemon);
        try {
            List<ScriptedMember> members = new ArrayList<>();
            for (int i = 0; i < cases.size(); i++) {
                members.add(ScriptedMember.bind());
            }
            List<Integer> ports =
                    contender.start(members.stream().map(ScriptedMember::port).toList());
            List<Callable<Verdict>> runs = IntStream.range(0, cases.size())
                    .mapToObj(i -> new CaseRun(cases.get(i), ports.get(i), members.get(i), contender.patience()))
                    .<Callable<Verdict>>map(run -> () -> run.run(threads))
                    .toList();
            List<Future<Verdict>> verdicts = workers.invokeAll(runs);
            List<Result> results = new ArrayList<>();
            for (int i = 0; i < cases.size(); i++) {
                results.add(new Result(cases.get(i), verdictOf(verdicts.get(i))));
            }
            return results;
        } finally {
            workers.shutdownNow();
            threads.shutdownNow();
        }
    }

    private static Verdict verdictOf(Future<Verdict> verdict) throws InterruptedException {
        try {
            return verdict.get();
        } catch (ExecutionException e) {
            return Verdict.fail("could not be run: " + e.getCause());
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "conformance");
        thread.setDaemon(true);
        return thread;
    }
}
