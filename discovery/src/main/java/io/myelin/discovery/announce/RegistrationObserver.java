package io.myelin.discovery.announce;

/** Hears what becomes of a registration; calls return at once. */
public interface RegistrationObserver {
    /** What a registration asks of its registry. */
    enum Operation {
        CREATE,
        SAVE,
        DELETE,
        /** To keep what is there from ending or from looking old. */
        RENEW
    }

    /** What came of it. */
    enum Answer {
        DONE,
        /** What was to be changed is not there any more. */
        GONE,
        FAILED
    }

    /** An observer without interest. */
    RegistrationObserver NONE = new RegistrationObserver() {
        @Override
        public void onAnnounced(String path) {}

        @Override
        public void onWithdrawn() {}

        @Override
        public void onFailed(String error) {}
    };

    /** The registry names the endpoint, at {@code path}. */
    void onAnnounced(String path);

    /** The registry does not name the endpoint, as was wished for. */
    void onWithdrawn();

    /** An attempt failed or the connection was lost; the next attempt follows by itself. */
    void onFailed(String error);

    /** The registry was asked for something and answered {@code nanos} later; told for statistics only. */
    default void onAnswered(Operation operation, long nanos, Answer answer) {}

    /**
     * The registration has its client; told for statistics only.
     *
     * @param shared whether others used it already
     */
    default void onClient(boolean shared) {}
}
