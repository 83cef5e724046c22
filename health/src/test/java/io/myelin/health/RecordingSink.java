package io.myelin.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.model.EndpointId;
import io.myelin.model.HealthVerdict;
import io.myelin.model.VerdictSink;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps verdicts in the order of their arrival. */
final class RecordingSink implements VerdictSink {
    /** One delivery. */
    record Delivery(EndpointId endpoint, HealthVerdict verdict) {
        /** Returns state and reason, without the time the check took. */
        String text() {
            return verdict.state() + " " + verdict.reason().replaceFirst(" in \\d+ ms$", "");
        }
    }

    private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    @Override
    public void onVerdict(EndpointId endpoint, HealthVerdict verdict) {
        threads.add(Thread.currentThread());
        deliveries.add(new Delivery(endpoint, verdict));
    }

    Delivery next() throws InterruptedException {
        Delivery delivery = deliveries.poll(8, TimeUnit.SECONDS);
        assertThat(delivery).as("next verdict").isNotNull();
        return delivery;
    }

    /** Returns what arrived and was not taken. */
    List<Delivery> rest() {
        return List.copyOf(deliveries);
    }

    Set<Thread> threads() {
        return threads;
    }
}
