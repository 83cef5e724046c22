package io.myelin.balance;

/** A pick for a request with a key. */
record Keyed(int key) implements Pick {
    @Override
    public boolean excludes(Member member) {
        return false;
    }

    @Override
    public boolean hasKey() {
        return true;
    }
}
