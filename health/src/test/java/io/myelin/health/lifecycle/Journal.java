package io.myelin.health.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps what an observer hears, in order, such as {@code healthy} or {@code failed}. */
final class Journal implements LifecycleObserver {
    /** One thing that was heard. */
    record Entry(String what, String reason) {}

    private final BlockingQueue<Entry> entries = new LinkedBlockingQueue<>();

    @Override
    public void onState(ReplicaState state, String reason) {
        entries.add(new Entry(state.text(), reason));
    }

    @Override
    public void onLivenessFailed(String reason) {
        entries.add(new Entry("failed", reason));
    }

    /** Waits for the next entry. */
    Entry next() throws InterruptedException {
        @Nullable Entry entry = entries.poll(10, TimeUnit.SECONDS);
        assertThat(entry).as("next step").isNotNull();
        return entry;
    }

    /** Returns what came and was not taken. */
    List<Entry> rest() {
        return List.copyOf(entries);
    }
}
