package io.myelin.health.replica;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts replicas that do what the test says. */
final class FakeRunner implements ReplicaRunner {
    final List<Fake> started = new ArrayList<>();
    /** What every start fails with, {@code null} if it succeeds. */
    @Nullable
    IOException failure;

    private int pids = 100;

    @Override
    public RunningReplica start(Start start, Consumer<String> output) throws IOException {
        if (failure != null) {
            throw failure;
        }
        Fake fake = new Fake(start, output, pids++);
        started.add(fake);
        return fake;
    }

    /** Returns the replica that was started last. */
    Fake last() {
        return started.get(started.size() - 1);
    }

    Fake named(String replica) {
        return started.stream()
                .filter(one -> one.start.replica().equals(replica))
                .findFirst()
                .orElseThrow();
    }

    /** A replica that ends when it is told to, unless it is stubborn. */
    static final class Fake implements RunningReplica {
        final Start start;
        final Consumer<String> output;
        /** Ignores being asked to end. */
        boolean stubborn;
        /** Whether something that it started outlives it. */
        boolean childLeft;

        int terminations;
        int kills;
        private final long pid;
        private final CompletableFuture<Integer> ended = new CompletableFuture<>();

        Fake(Start start, Consumer<String> output, long pid) {
            this.start = start;
            this.output = output;
            this.pid = pid;
        }

        void exit(int code) {
            ended.complete(code);
        }

        @Override
        public Long pid() {
            return pid;
        }

        @Override
        public String container() {
            return "";
        }

        @Override
        public String engine() {
            return "";
        }

        @Override
        public ProcessIdentity identity() {
            return new ProcessIdentity(pid, "boot/" + pid);
        }

        @Override
        public CompletionStage<Integer> whenEnded() {
            return ended;
        }

        @Override
        public void terminate() {
            terminations++;
            if (!stubborn) {
                exit(143);
            }
        }

        @Override
        public void kill() {
            kills++;
            childLeft = false;
            exit(137);
        }

        @Override
        public boolean alive() {
            return !ended.isDone() || childLeft;
        }
    }
}
