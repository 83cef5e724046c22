package io.myelin.config.operator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that operators and their tools are given beside the admin listener.
 *
 * @param stats where statistics are shown in HAProxy's manner
 * @param sockets where runtime commands are taken, each at another path
 * @param stateFile where the last known pools are kept, {@code null} for nowhere
 * @param fileOutput where endpoints are written for other programs, {@code null} for nowhere
 * @param statsd where Synapse's metrics are sent, {@code null} for nowhere
 * @param nerveStatsd where Nerve's are sent, {@code null} for nowhere
 */
public record OperatorConfig(
        List<StatsConfig> stats,
        List<SocketConfig> sockets,
        @Nullable StateFileConfig stateFile,
        @Nullable FileOutputConfig fileOutput,
        @Nullable StatsdConfig statsd,
        @Nullable StatsdConfig nerveStatsd) {
    /** Nothing. */
    public static final OperatorConfig NONE = new OperatorConfig(List.of(), List.of(), null, null, null, null);

    public OperatorConfig {
        stats = List.copyOf(stats);
        sockets = List.copyOf(sockets);
    }
}
