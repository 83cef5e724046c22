package io.myelin.synse;

import io.myelin.health.plugin.PluginCallException;
import io.myelin.health.plugin.PluginCalls.Receiver;
import io.myelin.health.plugin.PluginCalls.Stream;
import io.myelin.health.plugin.Reading;
import java.util.concurrent.atomic.AtomicInteger;

/** A stream that a test feeds, and that counts what it was allowed to send. */
final class ScriptedStream implements Stream {
    private static final int AT_FIRST = 16;

    private final Receiver<Reading> receiver;
    private final AtomicInteger allowed = new AtomicInteger(AT_FIRST);
    private volatile boolean cancelled;

    ScriptedStream(Receiver<Reading> receiver) {
        this.receiver = receiver;
    }

    /** Returns how many more messages may be sent. */
    int allowed() {
        return allowed.get();
    }

    boolean cancelled() {
        return cancelled;
    }

    /** Sends a message if one may be sent; returns whether it was. */
    boolean offer(Reading reading) {
        if (cancelled || allowed.get() <= 0) {
            return false;
        }
        allowed.decrementAndGet();
        receiver.next(reading);
        return true;
    }

    void end() {
        receiver.ended();
    }

    void fail(PluginCallException reason) {
        receiver.failed(reason);
    }

    @Override
    public void request(int count) {
        allowed.addAndGet(count);
    }

    @Override
    public void cancel() {
        cancelled = true;
    }
}
