package io.myelin.launcher.demo;

import io.myelin.model.Protocol;
import java.util.ArrayList;
import java.util.List;

/** Commands that show the demo at work when pasted into a shell. */
final class CurlLines {
    private CurlLines() {}

    /** Returns the command that asks one service. */
    static String of(DemoService service) {
        return service.protocol() == Protocol.HTTP
                ? "curl http://127.0.0.1:" + service.port() + "/"
                : "echo hello | curl -s telnet://127.0.0.1:" + service.port();
    }

    /** Returns one command for everything that can be asked. */
    static List<String> of(DemoWorld world, String adminUrl) {
        List<String> lines = new ArrayList<>();
        for (DemoService service : world.services()) {
            lines.add(of(service));
            if (service.protocol() == Protocol.HTTP) {
                lines.add("curl -H 'Host: " + service.hostName() + "' http://127.0.0.1:" + world.frontendPort() + "/");
            }
        }
        lines.add("curl " + adminUrl + "/api/v1/services");
        lines.add("curl " + adminUrl + "/metrics");
        return lines;
    }
}
