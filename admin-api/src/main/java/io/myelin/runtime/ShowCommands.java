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
import io.myelin.stats.StatsQuery.Hidden;
import io.myelin.stats.StatsView;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The commands that only look. */
final class ShowCommands {
    private static final String STATE_HEAD =
            "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight"
                    + " srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state"
                    + " srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl"
                    + " srv_check_port srv_check_addr srv_agent_addr srv_agent_port\n";

    /** The words of {@code show stat} that select no line by number; descriptions are not told. */
    private static final Set<String> FLAGS = Set.of("typed", "json", "desc", "up", "no-maint");

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

    Answer info(List<String> arguments) {
        List<Fact> facts = facts();
        if (arguments.contains("typed")) {
            return Answer.of(join(facts, Fact::typed, "\n") + "\n");
        }
        return arguments.contains("json")
                ? Answer.of("[" + join(facts, Fact::json, ",") + "]\n")
                : Answer.of(join(facts, Fact::plain, "\n") + "\n");
    }

    private static String join(List<Fact> facts, Function<Fact, String> form, String separator) {
        return String.join(separator, facts.stream().map(form).toList());
    }

    /** Returns what is known of the process, under HAProxy's numbers and types. */
    private List<Fact> facts() {
        ProcessConnections connections = view.connections();
        long accepted = view.listeners().stream()
                .mapToLong(ListenerStatus::acceptedConnections)
                .sum();
        long requests = view.pools().stream()
                .mapToLong(pool -> pool.total(PoolCounter.REQUESTS))
                .sum();
        long seconds = facts.uptimeSeconds();
        String uptime =
                "%dd %dh%02dm%02ds".formatted(seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
        return List.of(
                Fact.of(0, "Name", "POS:str", "Myelin"),
                Fact.of(1, "Version", "POS:str", view.version()),
                Fact.of(3, "Nbthread", "CGS:u32", facts.loops()),
                Fact.of(4, "Nbproc", "CGS:u32", 1),
                Fact.of(5, "Process_num", "KGP:u32", 1),
                Fact.of(6, "Pid", "SGP:u32", facts.pid()),
                Fact.of(7, "Uptime", "MDP:str", uptime),
                Fact.of(8, "Uptime_sec", "MDP:u32", seconds),
                Fact.of(9, "Memmax_MB", "CLP:u32", Runtime.getRuntime().maxMemory() >> 20),
                Fact.of(11, "PoolUsed_MB", "MGP:u32", facts.usedMegabytes()),
                Fact.of(15, "Maxconn", "CLP:u32", connections.limit()),
                Fact.of(17, "CurrConns", "MGP:u32", connections.open()),
                Fact.of(18, "CumConns", "MCP:u32", accepted),
                Fact.of(19, "CumReq", "MCP:u32", requests),
                Fact.of(50, "node", "COS:str", node()),
                Fact.of(52, "Stopping", "MGP:u32", 0),
                Fact.of(55, "Listeners", "MGP:u32", view.listeners().size()));
    }

    private static String node() {
        return System.getenv()
                .getOrDefault("HOSTNAME", InetAddress.getLoopbackAddress().getHostName());
    }

    Answer stat(List<String> arguments) {
        List<String> selection =
                arguments.stream().filter(word -> !FLAGS.contains(word)).toList();
        String proxy = selection.isEmpty() ? "-1" : selection.get(0);
        if (!proxy.matches("-?\\d+") && view.pool(proxy) == null && !isListener(proxy)) {
            return Answer.line("No such proxy.");
        }
        Hidden hidden = arguments.contains("no-maint") ? Hidden.IN_MAINTENANCE : Hidden.NONE;
        StatsQuery query =
                StatsQuery.ALL.selecting(selection).hiding(arguments.contains("up") ? Hidden.NOT_RUNNING : hidden);
        if (arguments.contains("typed")) {
            return Answer.of(statistics.typed(query));
        }
        return Answer.of(arguments.contains("json") ? statistics.json(query) : statistics.csv(query));
    }

    private boolean isListener(String name) {
        return view.listeners().stream().anyMatch(status -> status.listener().equals(name));
    }

    Answer serversState(List<String> arguments) {
        String name = arguments.isEmpty() ? "" : arguments.get(0);
        Pool wanted = name.isEmpty() ? null : view.pool(name);
        if (wanted == null && !name.isEmpty()) {
            return Answer.line("Can't find backend.");
        }
        Iterator<String> lines = new Chain<>(view.pools().stream()
                .filter(pool -> wanted == null || pool == wanted)
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
        String backend = statistics.backendId(pool.name()) + " " + pool.alias() + " ";
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
            case L6OK -> 9;
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
