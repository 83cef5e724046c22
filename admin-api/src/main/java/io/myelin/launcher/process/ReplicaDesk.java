package io.myelin.launcher.process;

import io.myelin.admin.ReplicaCounts;
import io.myelin.admin.ReplicaOrders;
import io.myelin.health.replica.ReplicaSupervisor;
import io.myelin.health.replica.ReplicatedView;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Carries operators' wishes to those who run the replicas. Safe from any thread.
 *
 * @param supervisor runs them
 */
record ReplicaDesk(ReplicaSupervisor supervisor) implements ReplicaOrders {
    @Override
    public List<ReplicaCounts> counts() {
        return supervisor.services().stream().map(ReplicaDesk::count).toList();
    }

    @Override
    public boolean scale(String service, int replicas) {
        return supervisor.scale(service, replicas);
    }

    @Override
    public boolean restart(String service) {
        return supervisor.restart(service);
    }

    @Override
    public boolean restart(String service, String replica) {
        return supervisor.restart(service, replica);
    }

    @Override
    public long storeFailures() {
        return supervisor.storeFailures();
    }

    @Override
    public String storeTrouble() {
        return supervisor.storeTrouble();
    }

    private static ReplicaCounts count(ReplicatedView view) {
        Map<String, Integer> states = new TreeMap<>();
        view.replicas().forEach(replica -> states.merge(replica.state().text(), 1, Integer::sum));
        return new ReplicaCounts(
                view.config().name(), view.desired(), states, view.restarts(), view.lastExitCode(), view.givenUp());
    }
}
