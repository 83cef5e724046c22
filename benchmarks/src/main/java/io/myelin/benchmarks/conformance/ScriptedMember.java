package io.myelin.benchmarks.conformance;

import io.myelin.benchmarks.conformance.Reply.Part;
import io.myelin.benchmarks.conformance.Reply.Trigger;
import io.myelin.benchmarks.conformance.RequestReader.Reading;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server on loopback that does what a case says and remembers every byte it gets. */
final class ScriptedMember implements AutoCloseable {
    private static final int BACKLOG = 64;

    private final ServerSocket server;
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Transcript> transcripts = new CopyOnWriteArrayList<>();
    private final Arrivals arrivals = new Arrivals();
    private final AtomicInteger openReplies = new AtomicInteger();
    private final CountDownLatch done = new CountDownLatch(1);

    private ScriptedMember(ServerSocket server) {
        this.server = server;
    }

    /** Binds a free port. Connections are accepted from {@link #serve} on. */
    static ScriptedMember bind() throws IOException {
        return new ScriptedMember(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
    }

    int port() {
        return server.getLocalPort();
    }

    /** Returns what has arrived on each connection. */
    List<String> streams() {
        return transcripts.stream().map(Transcript::text).toList();
    }

    /** Returns what notes whenever a connection arrives, or something on one. */
    Arrivals arrivals() {
        return arrivals;
    }

    /** Begins to serve; returns at once. */
    void serve(List<Reply> script, Duration patience, Executor threads) {
        replies.addAll(script);
        openReplies.set(script.size());
        threads.execute(() -> acceptAll(patience, threads));
    }

    private void acceptAll(Duration patience, Executor threads) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                Transcript transcript = new Transcript(arrivals);
                transcripts.add(transcript);
                arrivals.add();
                threads.execute(() -> converse(socket, transcript, patience));
                var in = socket.getInputStream();
                threads.execute(() -> transcript.record(in));
            } catch (IOException ignored) {
                // The case is over, or the proxy was gone before it was looked at.
            }
        }
    }

    private void converse(Socket socket, Transcript arrived, Duration patience) {
        Actor actor = new Actor(socket, arrived, patience);
        try (socket) {
            for (int served = 0; !arrived.ended() || hasRequest(arrived.text(), served); served++) {
                Reply next = replies.peek();
                if (next == null || !next.unasked()) {
                    int number = served;
                    arrived.await(text -> hasHead(text, number) || isBroken(text), patience);
                    if (!hasHead(arrived.text(), number)) {
                        return;
                    }
                    next = replies.peek();
                }
                serve(next == null ? null : replies.poll(), served, actor, arrived, patience);
            }
        } catch (IOException ignored) {
            // The proxy hung up; what counts is what had arrived.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until everything is done that the script says; returns whether it is. */
    boolean awaitDone(Duration patience) throws InterruptedException {
        return done.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void serve(@Nullable Reply reply, int number, Actor actor, Transcript arrived, Duration patience)
            throws InterruptedException {
        if (reply == null) {
            if (arrived.await(text -> hasRequest(text, number), patience)) {
                actor.run(List.of(ordinary(arrived.text(), number)), Actor.NONE);
            }
            return;
        }
        for (Part part : reply.parts()) {
            if (part.trigger() == Trigger.REQUEST) {
                arrived.await(text -> hasRequest(text, number), patience);
            } else if (part.trigger() != Trigger.CONNECTION) {
                arrived.await(text -> hasHead(text, number), patience);
            }
            if (part.trigger() == Trigger.EXPECTATION && !expects(arrived.text(), number)) {
                continue;
            }
            actor.run(part.acts(), Actor.NONE);
        }
        if (openReplies.decrementAndGet() == 0) {
            done.countDown();
        }
    }

    private static boolean expects(String stream, int number) {
        List<ReadRequest> requests = RequestReader.PLAIN.read(stream).requests();
        return requests.size() > number
                && !Field.values(requests.get(number).fields(), "expect").isEmpty();
    }

    private static boolean hasHead(String stream, int number) {
        return RequestReader.PLAIN.read(stream).requests().size() > number;
    }

    private static boolean isBroken(String stream) {
        return RequestReader.PLAIN.read(stream).broken();
    }

    private static boolean hasRequest(String stream, int number) {
        return RequestReader.PLAIN.read(stream).complete().size() > number;
    }

    /** Answers with the request's target, so that the client can tell whose answer it got. */
    private static Act ordinary(String stream, int number) {
        Reading reading = RequestReader.PLAIN.read(stream);
        ReadRequest request = reading.requests().get(number);
        String target = request.target();
        String head = "HTTP/1.1 200 OK\r\nContent-Length: " + target.length() + "\r\n\r\n";
        return new Act(Act.Kind.SEND, request.method().equals("HEAD") ? head : head + target, 0);
    }

    /** Ends all connections. */
    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
