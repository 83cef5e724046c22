package io.myelin.tye;

import io.myelin.health.lifecycle.LifecycleMonitor.ProbeReport;
import io.myelin.health.lifecycle.ReplicaState;
import io.myelin.health.replica.ReplicaView;
import io.myelin.health.replica.ReplicatedView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One value of {@code /api/v1/metrics}.
 *
 * @param value a number
 * @param metadata whose it is
 */
record Reading(String name, String value, Map<String, String> metadata) {
    /** Returns everything that is measured of a service's replicas. */
    static List<Reading> of(ReplicatedView service, long nowMillis) {
        List<Reading> readings = new ArrayList<>();
        for (ReplicaView replica : service.replicas()) {
            add(readings, replica, "ready", replica.state() == ReplicaState.READY ? 1 : 0);
            add(readings, replica, "state_seconds", Math.max(0, nowMillis - replica.sinceMillis()) / 1_000);
            for (ProbeReport probe : replica.probes()) {
                add(readings, replica, probe.probe() + "_milliseconds", probe.millis());
                add(readings, replica, probe.probe() + "_successes", probe.successes());
                add(readings, replica, probe.probe() + "_failures", probe.failures());
            }
        }
        return readings;
    }

    /** Returns the line of the text form. */
    String line(String service) {
        String whose = service.isEmpty() ? "" : "service=\"" + service + "\",";
        return name + "{" + whose + "instance=\"" + metadata.get("instance") + "\"} " + value + "\n";
    }

    private static void add(List<Reading> readings, ReplicaView replica, String name, long value) {
        readings.add(new Reading(name, Long.toString(value), Map.of("instance", replica.name())));
    }
}
