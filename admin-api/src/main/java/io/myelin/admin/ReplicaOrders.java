package io.myelin.admin;

import java.util.List;

/**
 * What operators see of and ask for the replicas that this process runs. Safe from any thread; calls return at once.
 */
public interface ReplicaOrders {
    /** No replicas are run. */
    ReplicaOrders NONE = new ReplicaOrders() {
        @Override
        public List<ReplicaCounts> counts() {
            return List.of();
        }

        @Override
        public boolean scale(String service, int replicas) {
            return false;
        }

        @Override
        public boolean restart(String service) {
            return false;
        }

        @Override
        public boolean restart(String service, String replica) {
            return false;
        }

        @Override
        public long storeFailures() {
            return 0;
        }

        @Override
        public String storeTrouble() {
            return "";
        }
    };

    /** Returns what is counted of each service. */
    List<ReplicaCounts> counts();

    /** Asks for another number of replicas, 0 or more; returns whether there is such a service. */
    boolean scale(String service, int replicas);

    /** Asks for the restart of every replica, one after the other; returns whether there is such a service. */
    boolean restart(String service);

    /** Asks for the restart of one replica; returns whether there is such a one. */
    boolean restart(String service, String replica);

    /** Returns how often it could not be written down which replicas run. */
    long storeFailures();

    /** Returns why it cannot be written down which replicas run, empty if it can. */
    String storeTrouble();
}
