package io.myelin.health.plugin;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.myelin.health.plugin.PluginCallException.Kind;
import io.myelin.health.plugin.PluginView.Identity;
import io.myelin.health.plugin.PluginView.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Plugins that are there or not, without sockets; used from the thread of the test only. */
final class FakeNetwork implements PluginLink.Dialer {
    static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final FakePluginLoop loop;
    private final Map<String, Host> hosts = new HashMap<>();
    private int links;
    private int callsOnClosedLinks;

    /** What is at an address. */
    static final class Host {
        private final List<Long> testedNanos = new ArrayList<>();
        private String id;
        private String tag = "fake/plugin";
        private boolean up = true;
        private boolean silent;
        private int calls;

        private Host(String id) {
            this.id = id;
        }

        Host become(String newId) {
            id = newId;
            return this;
        }

        Host tag(String newTag) {
            tag = newTag;
            return this;
        }

        Host up(boolean now) {
            up = now;
            return this;
        }

        /** Lets calls wait for their time limit. */
        Host silent(boolean now) {
            silent = now;
            return this;
        }

        boolean up() {
            return up;
        }

        int calls() {
            return calls;
        }

        /** Returns when it was tested. */
        List<Long> testedNanos() {
            return testedNanos;
        }
    }

    FakeNetwork(FakePluginLoop loop) {
        this.loop = loop;
    }

    /** Puts a plugin with the id at the address; replaces what was there. */
    Host put(String address, String id) {
        Host host = new Host(id);
        hosts.put(address, host);
        return host;
    }

    void remove(String address) {
        hosts.remove(address);
    }

    /** Returns how many links are open. */
    int links() {
        return links;
    }

    int callsOnClosedLinks() {
        return callsOnClosedLinks;
    }

    @Override
    public PluginLink open(PluginAddress address, PluginLink.Outcomes outcomes) {
        links++;
        return new FakeLink(address.text(), outcomes);
    }

    @Override
    public void settings(GrpcDialer.Settings settings) {
        // There is nothing that could be set.
    }

    @Override
    public void close() {
        // There is nothing that links have in common.
    }

    private final class FakeLink implements PluginLink {
        private final String address;
        private final Outcomes outcomes;
        private boolean closed;

        private FakeLink(String address, Outcomes outcomes) {
            this.address = address;
            this.outcomes = outcomes;
        }

        @Override
        public CompletionStage<?> test() {
            Host host = hosts.get(address);
            if (host != null) {
                host.testedNanos.add(loop.nanos());
            }
            return call(answering -> "fine");
        }

        @Override
        public CompletionStage<Introduction> introduce() {
            return call(host -> new Introduction(
                    new Identity("fake", "tests", host.tag, "", "", host.id),
                    new Version("1", "", "", "", "", "", "")));
        }

        private <T> CompletionStage<T> call(Function<Host, T> answer) {
            CompletableFuture<T> result = new CompletableFuture<>();
            Host host = hosts.get(address);
            callsOnClosedLinks += closed ? 1 : 0;
            if (host != null) {
                host.calls++;
            }
            if (host == null || !host.up || closed) {
                fail(result, "UNAVAILABLE: refused");
            } else if (host.silent) {
                loop.schedule(TIMEOUT, () -> fail(result, "DEADLINE_EXCEEDED: no answer"));
            } else {
                T value = answer.apply(host);
                outcomes.ended(null, () -> result.complete(value));
            }
            return result;
        }

        private void fail(CompletableFuture<?> result, String why) {
            outcomes.ended(why, () -> result.completeExceptionally(new PluginCallException(Kind.UNREACHABLE, why)));
        }

        @Override
        public void name(String name) {
            // Nothing is counted here.
        }

        @Override
        public void renew() {
            // There are no connections.
        }

        @Override
        public void close() {
            links -= closed ? 0 : 1;
            closed = true;
        }

        @Override
        public CompletionStage<PluginHealth> health() {
            return call(host -> new PluginHealth("", PluginHealth.Status.OK, List.of()));
        }

        @Override
        public CompletionStage<List<Device>> devices(Selector selector) {
            return call(host -> List.of());
        }

        @Override
        public CompletionStage<List<Reading>> read(Selector selector) {
            return call(host -> List.of());
        }

        @Override
        public <Q, A> ClientCall<Q, A> relay(MethodDescriptor<Q, A> method, CallOptions options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Stream readCache(String start, String end, Receiver<Reading> receiver) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Stream readStream(List<Selector> selectors, Receiver<Reading> receiver) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<List<WriteOrder>> writeAsync(Selector selector, List<WriteCommand> commands) {
            return call(host -> List.of());
        }

        @Override
        public CompletionStage<List<Transaction>> writeSync(Selector selector, List<WriteCommand> commands) {
            return call(host -> List.of());
        }

        @Override
        public CompletionStage<Transaction> transaction(String id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<List<Transaction>> transactions() {
            return call(host -> List.of());
        }
    }
}
