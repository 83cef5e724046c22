package io.myelin.config.operator;

import java.util.Map;

/**
 * Where metrics are sent in the form of DogStatsD.
 *
 * @param port 1..65535
 * @param sampleRates by the name of a metric, the part of its events that is sent, 0..1; all of those not named
 */
public record StatsdConfig(String host, int port, Map<String, Double> sampleRates) {
    public static final String DEFAULT_HOST = "localhost";
    public static final int DEFAULT_PORT = 8_125;

    public StatsdConfig {
        sampleRates = Map.copyOf(sampleRates);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1..65535)");
        }
    }
}
