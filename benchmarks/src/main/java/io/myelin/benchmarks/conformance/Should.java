package io.myelin.benchmarks.conformance;

/**
 * An expectation that the specification recommends or leaves open: to miss it is to differ.
 *
 * @param check what is expected
 */
record Should(Check check) implements Check {
    @Override
    public Verdict of(Observation seen) {
        Verdict verdict = check.of(seen);
        return verdict.grade() == Verdict.Grade.FAIL ? Verdict.differs(verdict.reason()) : verdict;
    }

    @Override
    public boolean settles(Observation seen) {
        return check.settles(seen);
    }

    @Override
    public boolean wantsOpen() {
        return check.wantsOpen();
    }

    @Override
    public int responses() {
        return check.responses();
    }
}
