package io.myelin.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.accesslog.RecordRing.Entry;
import io.myelin.accesslog.RecordRing.Outlet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RecordRingTest {
    private final Line line = new Line(new TextLayout(), List.of(), false);

    private Entry entry(String target) {
        return new Entry(Records.ok(target), line);
    }

    @Test
    void recordsLeaveInTheirOrder() {
        RecordRing ring = new RecordRing(2);
        Outlet outlet = ring.outlet();
        for (int i = 0; i < 5; i++) {
            Entry first = entry("/a" + i);
            Entry second = entry("/b" + i);
            assertThat(ring.offer(first)).isTrue();
            assertThat(ring.offer(second)).isTrue();
            assertThat(outlet.poll()).isSameAs(first);
            assertThat(outlet.poll()).isSameAs(second);
            assertThat(outlet.poll()).isNull();
            assertThat(outlet.isEmpty()).isTrue();
        }
    }

    @Test
    void aFullRingRefuses() {
        RecordRing ring = new RecordRing(2);
        Outlet outlet = ring.outlet();
        ring.offer(entry("/1"));
        ring.offer(entry("/2"));

        assertThat(ring.offer(entry("/3"))).isFalse();
        outlet.poll();
        assertThat(ring.offer(entry("/4"))).isTrue();
    }

    @Test
    void everythingPassesFromOneThreadToAnotherOnce() throws InterruptedException {
        RecordRing ring = new RecordRing(16);
        Entry[] entries = new Entry[64];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = entry("/" + i);
        }
        int count = 50_000;
        Thread producer = new Thread(() -> {
            for (int i = 0; i < count; ) {
                if (ring.offer(entries[i % entries.length])) {
                    i++;
                } else {
                    Thread.onSpinWait();
                }
            }
        });
        producer.start();
        Outlet outlet = ring.outlet();
        for (int i = 0; i < count; ) {
            Entry next = outlet.poll();
            if (next != null) {
                assertThat(next).isSameAs(entries[i % entries.length]);
                i++;
            }
        }
        producer.join();
        assertThat(outlet.poll()).isNull();
    }
}
