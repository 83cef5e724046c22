package io.myelin.runtime;

import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.health.CheckReport;
import io.myelin.health.CheckStatus;
import io.myelin.health.ServiceChecks;
import io.myelin.httpd.Body;
import io.myelin.httpd.Chain;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointOptions;
import io.myelin.model.HealthVerdict.State;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolCounter;
import io.myelin.server.ListenerStatus;
import io.myelin.server.ProcessConnections;
import io.myelin.stats.Statistics;
import io.myelin.stats.StatsQuery;
import io.myelin.stats.StatsView;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands that only look. */
final class ShowCommands {
    private static final String STATE_HEAD =
            "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight"
                    + " srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state"
                    + " srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl"
                    + " srv_check_port srv_check_addr srv_agent_addr srv_agent_port\n";

    private static final int NOT_CHECKED_YET = 1;
    private static final int CHECKS_ENABLED = 6;
    private static final int CHECKS_PAUSED = 8;

    private final StatsView view;
    private final Statistics statistics;
    private final ProcessFacts facts;

    ShowCommands(StatsView view, Statistics statistics, ProcessFacts facts) {
        this.view = view;
        this.statistics = statistics;
        this.facts = facts;
    }

    Answer version() {
        return Answer.line(view.version());
    }

    Answer info() {
        ProcessConnections connections = view.connections();
        long accepted = view.listeners().stream()
                .mapToLong(ListenerStatus::acceptedConnections)
                .sum();
        long requests = view.pools().stream()
                .mapToLong(pool -> pool.total(PoolCounter.REQUESTS))
                .sum();
        long seconds = facts.uptimeSeconds();
        List<String> lines = new ArrayList<>();
        lines.add("Name: Myelin");
        lines.add("Version: " + view.version());
        lines.add("Nbthread: " + facts.loops());
        lines.add("Nbproc: 1");
        lines.add("Process_num: 1");
        lines.add("Pid: " + facts.pid());
        lines.add("Uptime: %dd %dh%02dm%02ds"
                .formatted(seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60));
        lines.add("Uptime_sec: " + seconds);
        lines.add("Memmax_MB: " + (Runtime.getRuntime().maxMemory() >> 20));
        lines.add("PoolUsed_MB: " + facts.usedMegabytes());
        lines.add("Maxconn: " + connections.limit());
        lines.add("CurrConns: " + connections.open());
        lines.add("CumConns: " + accepted);
        lines.add("CumReq: " + requests);
        lines.add("Listeners: " + view.listeners().size());
        lines.add("Stopping: 0");
        lines.add("node: " + node());
        return Answer.of(String.join("\n", lines) + "\n");
    }

    private static String node() {
        return System.getenv()
                .getOrDefault("HOSTNAME", InetAddress.getLoopbackAddress().getHostName());
    }

    Answer stat(List<String> arguments) {
        if (arguments.contains("json") || arguments.contains("typed") || arguments.contains("desc")) {
            return Answer.line("Only CSV is spoken: show stat [<iid>|<proxy> <type> <sid>]");
        }
        String proxy = arguments.isEmpty() ? "-1" : arguments.get(0);
        if (!proxy.matches("-?\\d+") && view.pool(proxy) == null && !isListener(proxy)) {
            return Answer.line("No such proxy.");
        }
        return Answer.of(statistics.csv(StatsQuery.ALL.selecting(arguments)));
    }

    private boolean isListener(String name) {
        return view.listeners().stream().anyMatch(status -> status.listener().equals(name));
    }

    Answer serversState(List<String> arguments) {
        String wanted = arguments.isEmpty() ? "" : arguments.get(0);
        if (!wanted.isEmpty() && view.pool(wanted) == null) {
            return Answer.line("Can't find backend.");
        }
        Iterator<String> lines = new Chain<>(view.pools().stream()
                .filter(pool -> wanted.isEmpty() || pool.name().equals(wanted))
                .map(this::stateLines)
                .iterator());
        Iterator<String> head = List.of(STATE_HEAD).iterator();
        return Answer.of(Body.each(new Chain<>(List.of(head, lines).iterator()), ShowCommands::write));
    }

    private static void write(String line, ByteBuf text) {
        ByteBufUtil.writeUtf8(text, line);
    }

    private Iterator<String> stateLines(Pool pool) {
        ServiceChecks checks = view.checks(pool.name());
        String backend = statistics.backendId(pool.name()) + " " + pool.name() + " ";
        return pool.snapshot().members().stream()
                .map(member -> {
                    CheckReport report = checks == null ? null : checks.report(member.id());
                    return backend + member.number() + " " + state(member, checks != null, report) + "\n";
                })
                .iterator();
    }

    private String state(Member member, boolean checked, @Nullable CheckReport report) {
        Endpoint endpoint = member.endpoint();
        long sinceMillis = member.verdict().sinceMillis();
        long changedSeconds =
                (facts.clock().wallMillis() - (sinceMillis == 0 ? facts.startMillis() : sinceMillis)) / 1_000;
        boolean up = member.adminState() != AdminState.MAINT && member.verdict().state() != State.FAILING;
        int paused = member.adminState() == AdminState.MAINT ? CHECKS_PAUSED : 0;
        List<Object> fields = List.of(
                member.id().value(),
                endpoint.host(),
                up ? 2 : 0,
                adminFlags(member),
                member.weight(),
                member.configuredWeight(),
                Math.max(0, changedSeconds),
                report == null ? NOT_CHECKED_YET : code(report.status()),
                report == null ? 0 : report.status().passed() ? 3 : 2,
                report == null ? 0 : report.tally().health(),
                checked ? CHECKS_ENABLED + paused : 0,
                0,
                0,
                EndpointOptions.parse(endpoint.options()).number() == null ? 0 : 1,
                "-",
                endpoint.port(),
                "-",
                0,
                0,
                "-",
                "-",
                0);
        return String.join(" ", fields.stream().map(String::valueOf).toList());
    }

    /** Returns the number that HAProxy has for the end of a check. */
    private static int code(CheckStatus status) {
        return switch (status) {
            case HANA -> 4;
            case SOCKERR -> 5;
            case L4OK -> 6;
            case L4TOUT -> 7;
            case L4CON -> 8;
            case L6TOUT -> 10;
            case L6RSP -> 11;
            case L7TOUT -> 12;
            case L7RSP -> 13;
            case L7OK -> 14;
            case L7STS -> 16;
        };
    }

    /** Returns HAProxy's bits: 1 for maintenance, 8 for draining, both as an operator wants it. */
    private static int adminFlags(Member member) {
        return switch (member.adminState()) {
            case READY -> 0;
            case DRAIN -> 8;
            case MAINT -> 1;
        };
    }
}
