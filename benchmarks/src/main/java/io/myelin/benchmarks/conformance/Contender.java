package io.myelin.benchmarks.conformance;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A proxy that is put through the cases: for each case it has a port of its own, and a member behind it. */
interface Contender extends AutoCloseable {
    /** How long a contender waits for a silent client or member: short, so that cases of silence end soon. */
    int TIMEOUT_SECONDS = 3;

    String name();

    /** Returns how long a case waits for what does not come. */
    Duration patience();

    /**
     * Starts the proxy.
     *
     * @param memberPorts one for each case
     * @return where the proxy listens for each, in the same order
     * @throws IOException if it does not come up; the message says why
     */
    List<Integer> start(List<Integer> memberPorts) throws IOException, InterruptedException;

    @Override
    void close();
}
