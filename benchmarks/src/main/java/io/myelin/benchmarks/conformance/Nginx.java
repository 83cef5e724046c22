package io.myelin.benchmarks.conformance;

import java.nio.file.Path;
import java.util.List;

/** nginx as its manual configures a proxy with kept connections to members and WebSocket. */
record Nginx() implements Program.Kind {
    @Override
    public String configuration(List<Integer> ports, List<Integer> memberPorts, Path directory) {
        StringBuilder text = new StringBuilder("""
                daemon off;
                worker_processes 1;
                worker_rlimit_nofile 16000;
                pid %2$s/pid;
                error_log %2$s/error.log crit;
                events { worker_connections 8000; }
                http {
                  access_log off;
                  client_body_temp_path %2$s/body;
                  proxy_temp_path %2$s/proxy;
                  fastcgi_temp_path %2$s/fastcgi;
                  uwsgi_temp_path %2$s/uwsgi;
                  scgi_temp_path %2$s/scgi;
                  client_header_timeout %1$ds;
                  client_body_timeout %1$ds;
                  keepalive_timeout %1$ds;
                  proxy_read_timeout %1$ds;
                  proxy_http_version 1.1;
                  proxy_set_header Host $http_host;
                  proxy_set_header Upgrade $http_upgrade;
                  proxy_set_header Connection $upgrade_or_nothing;
                  map $http_upgrade $upgrade_or_nothing { default upgrade; '' ''; }
                """.formatted(Contender.TIMEOUT_SECONDS, directory));
        for (int i = 0; i < ports.size(); i++) {
            text.append("""
                      upstream case%1$d { server 127.0.0.1:%3$d; keepalive 16; }
                      server { listen 127.0.0.1:%2$d; location / { proxy_pass http://case%1$d; } }
                    """.formatted(i, ports.get(i), memberPorts.get(i)));
        }
        return text.append("}\n").toString();
    }

    @Override
    public List<String> arguments(Path configuration, Path directory) {
        return List.of("-p", directory.toString(), "-e", directory + "/error.log", "-c", configuration.toString());
    }
}
