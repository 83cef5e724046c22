package io.myelin.launcher.demo;

import io.myelin.model.Protocol;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration of the demo's proxy, in the layout of Synapse.
 *
 * @param frontendPort the port that the HTTP services share
 */
record DemoConfig(List<DemoService> services, int frontendPort, int adminPort, String ensemble) {
    DemoConfig {
        services = List.copyOf(services);
    }

    /** Returns the file's content. */
    String text() {
        return services.stream().map(this::section).collect(Collectors.joining("", "services:\n", "")) + frontend();
    }

    private String section(DemoService service) {
        String common = """
                  %s:
                    discovery:
                      method: zookeeper
                      hosts: ["%s"]
                      path: %s
                    haproxy:
                      port: %d
                      bind_address: 127.0.0.1
                      server_options: check inter 1s fastinter 250ms downinter 500ms rise 2 fall 2
                """.formatted(service.name(), ensemble, service.path(), service.port());
        return common + (service.protocol() == Protocol.HTTP ? http(service) : TCP);
    }

    private static final String TCP = """
                  listen:
                    - mode tcp
                    - balance roundrobin
            """;

    private static String http(DemoService service) {
        return """
                      listen:
                        - mode http
                        - balance roundrobin
                        - option httpchk GET /health
                      shared_frontend:
                        - acl is_%1$s hdr_dom(host) -i %2$s
                        - use_backend %1$s if is_%1$s
                """.formatted(service.name(), service.hostName());
    }

    private String frontend() {
        return """
                haproxy:
                  global: []
                  defaults:
                    - timeout connect 1s
                    - timeout client 30s
                    - timeout server 30s
                    - retries 3
                    - option redispatch
                  shared_frontend:
                    - mode http
                    - bind 127.0.0.1:%d
                admin:
                  address: "127.0.0.1:%d"
                """.formatted(frontendPort, adminPort);
    }
}
