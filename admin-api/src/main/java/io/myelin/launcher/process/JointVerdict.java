package io.myelin.launcher.process;

import io.myelin.model.HealthVerdict;
import org.jspecify.annotations.Nullable;

/** What follows from the checks and the probes of one endpoint: it takes traffic if both of them let it. */
final class JointVerdict {
    private JointVerdict() {}

    /**
     * Returns the verdict on an endpoint.
     *
     * @param check what its checks concluded, {@code null} if there are none, or none is over
     * @param probe what its probes concluded, {@code null} if there are none
     */
    static HealthVerdict of(@Nullable HealthVerdict check, @Nullable HealthVerdict probe) {
        if (probe != null && (!probe.admitsTraffic() || check == null || check.admitsTraffic())) {
            return probe;
        }
        return check == null ? HealthVerdict.UNCHECKED : check;
    }
}
