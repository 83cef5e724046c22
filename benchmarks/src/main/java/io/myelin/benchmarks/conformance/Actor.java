package io.myelin.benchmarks.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Does on a socket what one side of a case is to do. Confined to one thread. */
final class Actor {
    /** How long a side that pauses does nothing: long enough that what it sent before arrives on its own. */
    private static final long PAUSE_MILLIS = 20;

    /** How long a side that sends in pieces does nothing between them. */
    private static final long BETWEEN_PIECES_MILLIS = 1;

    private final Socket socket;
    private final Transcript arrived;
    private final Duration patience;

    /** What happens around one side. */
    interface Surroundings {
        /** Returns whether so many responses have arrived. */
        boolean responses(int count);

        /** Waits until the member has done all that the case says. */
        void awaitMember() throws InterruptedException;
    }

    /** Of a member, which does not look around. */
    static final Surroundings NONE = new Surroundings() {
        @Override
        public boolean responses(int count) {
            return true;
        }

        @Override
        public void awaitMember() {}
    };

    Actor(Socket socket, Transcript arrived, Duration patience) {
        this.socket = socket;
        this.arrived = arrived;
        this.patience = patience;
    }

    /** Does all of it, or as much as the other side lets it do. */
    void run(List<Act> acts, Surroundings surroundings) throws InterruptedException {
        for (Act act : acts) {
            try {
                run(act, surroundings);
            } catch (IOException ignored) {
                return; // The proxy hung up, and the case is judged by what arrived.
            }
        }
    }

    private void run(Act act, Surroundings surroundings) throws IOException, InterruptedException {
        switch (act.kind()) {
            case SEND -> send(act);
            case PAUSE -> pause(PAUSE_MILLIS);
            case AWAIT_RESPONSES -> arrived.await(text -> surroundings.responses(act.number()), patience);
            case AWAIT_TEXT -> arrived.await(text -> text.contains(act.text()), patience);
            case AWAIT_MEMBER -> {
                surroundings.awaitMember();
                pause(PAUSE_MILLIS);
            }
            case END_OUTPUT -> socket.shutdownOutput();
            case CLOSE -> socket.close();
            case RESET -> {
                socket.setSoLinger(true, 0);
                socket.close();
            }
            case HOLD -> arrived.awaitEnd(patience);
        }
    }

    private void send(Act act) throws IOException, InterruptedException {
        byte[] bytes = act.text().getBytes(ISO_8859_1);
        int piece = act.number() > 0 ? act.number() : bytes.length;
        for (int at = 0; at < bytes.length; at += piece) {
            socket.getOutputStream().write(bytes, at, Math.min(piece, bytes.length - at));
            if (act.number() > 0) {
                pause(BETWEEN_PIECES_MILLIS);
            }
        }
    }

    /** Is a side of the case that takes its time, and waits for nothing. */
    private static void pause(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }
}
