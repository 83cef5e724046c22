package io.myelin.benchmarks.load;

import io.myelin.benchmarks.load.Workload.Service;
import io.myelin.benchmarks.process.MyelinProcess;
import io.myelin.model.Clock;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Offers each workload to an origin twice, directly and through Myelin, and prints a table.
 *
 * @param myelin the command that starts Myelin, without its arguments
 * @param connections instead of each workload's own number, 0 to keep that
 */
public record SideBySide(List<String> myelin, int connections, Duration warmUp, Duration duration) {
    private static final String HEAD = """
            | workload | path | conns | requests/s | CPU us/request (user + sys) | p50 us | p99 us | p99.9 us | max us | errors |
            |---|---|--:|--:|--:|--:|--:|--:|--:|--:|""";

    /** Half of what the closed loop reached is a load that the proxy has to carry without queueing. */
    private static final double OPEN_LOOP_SHARE = 0.5;

    public SideBySide {
        myelin = List.copyOf(myelin);
    }

    public void run(List<Workload> workloads, PrintWriter out) throws IOException, InterruptedException {
        try (Origin origin = new Origin(1);
                LoadGenerator generator = new LoadGenerator(Clock.SYSTEM, 1)) {
            Map<Service, Integer> ports = Map.of(
                    Service.HTTP,
                    origin.serveHttp(0),
                    Service.ECHO,
                    origin.serveEcho(0),
                    Service.BULK,
                    origin.serveBulk(0));
            try (MyelinProcess proxy = MyelinProcess.start(myelin, services(ports), ports.size(), Clock.SYSTEM)) {
                proxy.awaitReady();
                out.println(HEAD);
                for (Workload workload : workloads) {
                    int port = ports.getOrDefault(workload.service(), 0);
                    InetSocketAddress direct = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
                    compare(workload, direct, proxy, generator, out);
                }
            }
        }
    }

    private static String services(Map<Service, Integer> originPorts) {
        StringBuilder yaml = new StringBuilder();
        originPorts.forEach((service, port) -> yaml.append(String.format(
                Locale.ROOT,
                "  %s: {port: \"127.0.0.1:0\", protocol: %s, servers: [\"127.0.0.1:%d\"]}%n",
                nameOf(service),
                service.protocol(),
                port)));
        return yaml.toString();
    }

    private static String nameOf(Service service) {
        return service.name().toLowerCase(Locale.ROOT);
    }

    private void compare(
            Workload workload, InetSocketAddress direct, MyelinProcess proxy, LoadGenerator generator, PrintWriter out)
            throws IOException, InterruptedException {
        InetSocketAddress proxied = proxy.address(nameOf(workload.service()));
        List<Long> pid = List.of(proxy.pid());
        print(workload, "direct", generator.run(plan(workload, direct, Pacing.CLOSED), List.of()), out);
        LoadResult closed = generator.run(plan(workload, proxied, Pacing.CLOSED), pid);
        print(workload, "myelin", closed, out);
        double rate = closed.perSecond() * OPEN_LOOP_SHARE;
        if (rate > 0 && !workload.reconnect()) {
            Pacing open = Pacing.open(rate, connectionsOf(workload));
            print(workload, "direct, half rate", generator.run(plan(workload, direct, open), List.of()), out);
            print(workload, "myelin, half rate", generator.run(plan(workload, proxied, open), pid), out);
        }
    }

    private LoadPlan plan(Workload workload, InetSocketAddress address, Pacing pacing) {
        return new LoadPlan(
                address, workload.dialogue(), pacing, connectionsOf(workload), workload.reconnect(), warmUp, duration);
    }

    private int connectionsOf(Workload workload) {
        return connections > 0 ? connections : workload.connections();
    }

    private void print(Workload workload, String path, LoadResult result, PrintWriter out) {
        boolean observed = !result.cpuPerRequest().equals(CpuTime.NONE);
        String cpu =
                observed ? String.format(Locale.ROOT, "%.1f + %.1f", result.userMicros(), result.systemMicros()) : "-";
        out.printf(
                Locale.ROOT,
                "| %s | %s | %d | %.0f | %s | %.0f | %.0f | %.0f | %.0f | %d |%n",
                workload.name().toLowerCase(Locale.ROOT),
                path,
                connectionsOf(workload),
                result.perSecond(),
                cpu,
                result.percentileMicros(50),
                result.percentileMicros(99),
                result.percentileMicros(99.9),
                result.percentileMicros(100),
                result.errors());
        out.flush();
    }
}
