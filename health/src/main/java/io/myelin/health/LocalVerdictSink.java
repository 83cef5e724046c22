package io.myelin.health;

/** Hears what every round of an instance's checks came to. Safe from any thread; calls return at once. */
@FunctionalInterface
public interface LocalVerdictSink {
    void onRound(LocalVerdict verdict);
}
