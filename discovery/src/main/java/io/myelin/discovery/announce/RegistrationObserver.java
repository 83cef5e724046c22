package io.myelin.discovery.announce;

/** Hears what becomes of a registration; calls return at once. */
public interface RegistrationObserver {
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
}
