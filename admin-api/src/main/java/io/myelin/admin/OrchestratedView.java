package io.myelin.admin;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is run here of a service, as JSON, in the shape that Tye's API gives services.
 *
 * @param serviceSource where the service is described, always {@code configuration}
 * @param serviceType {@code executable}, {@code container} or {@code external}
 * @param restarts how often a replica was started again
 * @param replicas by name
 * @param desired how many there should be
 * @param ready how many are ready
 * @param lastExitCode of the replica that ended last, {@code null} if none did
 * @param nextRestartAt when a replica is started again, {@code null} if none is due
 * @param givenUp whether a replica was restarted as often as it may be
 */
public record OrchestratedView(
        Description description,
        String serviceSource,
        String serviceType,
        long restarts,
        Status status,
        Map<String, Replica> replicas,
        int desired,
        int ready,
        @Nullable Integer lastExitCode,
        @Nullable String nextRestartAt,
        boolean givenUp) {
    /** What the configuration says. */
    public record Description(
            String name, int replicas, RunDescription runInfo, List<Binding> bindings, List<Variable> configuration) {}

    /** How a replica is started; what its kind does not have is {@code null}. */
    public record RunDescription(
            String type,
            @Nullable String args,
            boolean build,
            @Nullable String project,
            @Nullable String workingDirectory,
            @Nullable List<Volume> volumeMappings,
            @Nullable String image,
            @Nullable String executable) {}

    /** A mount of a container. */
    public record Volume(@Nullable String name, @Nullable String source, String target) {}

    /** Where the service is reached; {@code port} is the one that is bound. */
    public record Binding(
            @Nullable String name,
            @Nullable String connectionString,
            boolean autoAssignPort,
            @Nullable Integer port,
            @Nullable Integer containerPort,
            @Nullable String host,
            @Nullable String protocol) {}

    /** A variable of the service's environment. */
    public record Variable(String name, String value) {}

    /** What the service is run from. */
    public record Status(
            @Nullable String projectFilePath,
            @Nullable String executablePath,
            @Nullable String args,
            @Nullable String workingDirectory) {}

    /**
     * One replica.
     *
     * @param state in Tye's words
     * @param since when the state began
     * @param reason why it is in this state
     */
    public record Replica(
            @Nullable String dockerCommand,
            @Nullable String containerId,
            @Nullable String dockerNetwork,
            @Nullable String dockerNetworkAlias,
            String name,
            List<Integer> ports,
            @Nullable Integer exitCode,
            @Nullable Long pid,
            Map<String, String> environment,
            String state,
            int slot,
            @Nullable String since,
            String reason,
            List<ProbeResult> probes) {}

    /**
     * What one probe found last.
     *
     * @param passed {@code null} before there was a result
     * @param streak how many times in a row the last result came
     */
    public record ProbeResult(
            String probe,
            String target,
            @Nullable Boolean passed,
            String reason,
            long millis,
            @Nullable String at,
            int streak,
            long successes,
            long failures) {}
}
