package io.myelin.benchmarks.conformance;

import java.nio.file.Path;
import java.util.List;

/** HAProxy with its defaults but for times. */
record Haproxy() implements Program.Kind {
    @Override
    public String configuration(List<Integer> ports, List<Integer> memberPorts, Path directory) {
        StringBuilder text = new StringBuilder("""
                global
                  maxconn 4000
                defaults
                  mode http
                  timeout connect 5s
                  timeout client %1$ds
                  timeout server %1$ds
                  timeout http-request %1$ds
                  timeout tunnel 60s
                """.formatted(Contender.TIMEOUT_SECONDS));
        for (int i = 0; i < ports.size(); i++) {
            text.append("""
                    listen case%1$d
                      bind 127.0.0.1:%2$d
                      server member 127.0.0.1:%3$d
                    """.formatted(i, ports.get(i), memberPorts.get(i)));
        }
        return text.toString();
    }

    @Override
    public List<String> arguments(Path configuration, Path directory) {
        return List.of("-db", "-f", configuration.toString());
    }
}
