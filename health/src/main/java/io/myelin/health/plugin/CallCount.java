package io.myelin.health.plugin;

import java.util.List;

/**
 * What became of the calls of one method on one plugin.
 *
 * @param method such as {@code Read}
 * @param plugin the plugin's id, or its address before it said it
 * @param streaming whether the method answers with a stream
 * @param sent messages to the plugin
 * @param received messages from the plugin
 * @param seconds how long calls took together
 * @param buckets how many calls took at most as long as each of {@link #BOUNDS}, and then how many there were
 */
public record CallCount(
        String method, String plugin, boolean streaming, long sent, long received, double seconds, List<Long> buckets) {
    /** Upper bounds of latency in seconds, as Prometheus' clients have them. */
    public static final List<Double> BOUNDS =
            List.of(.005, .01, .025, .05, .075, .1, .25, .5, .75, 1.0, 2.5, 5.0, 7.5, 10.0);

    public CallCount {
        buckets = List.copyOf(buckets);
    }
}
