package io.myelin.benchmarks.conformance;

/**
 * How much reaches the member.
 *
 * @param requests complete ones, -1 for any number
 * @param connections -1 for any number
 */
record Counts(int requests, int connections) implements Check {
    @Override
    public Verdict of(Observation seen) {
        int complete = seen.completeRequests().size();
        if (requests >= 0 && complete != requests) {
            return Verdict.fail(complete + " requests reached the member rather than " + requests);
        }
        int opened = seen.streams().size();
        return connections >= 0 && opened != connections
                ? Verdict.differs("the member had " + opened + " connections rather than " + connections)
                : Verdict.PASS;
    }
}
