package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.BindLine;
import io.myelin.config.haproxy.FrontendRules;
import io.myelin.config.haproxy.GlobalLogs;
import io.myelin.config.haproxy.Line;
import io.myelin.config.haproxy.ProxySection;
import io.myelin.config.haproxy.SourceAcls;
import io.myelin.config.haproxy.TcpRequestLines;
import io.myelin.config.haproxy.Timeout;
import io.myelin.config.reader.ListenerDraft.Bind;
import io.myelin.http.HttpRules;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.Protocol;
import io.myelin.net.EntranceConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a frontend of lines: the one that Synapse's services share, the top-level lines and then those of each service
 * in order, or a section of its own.
 */
@OwnedBy(Owner.BUILDER)
final class SharedFrontendReader {
    /** The name that Synapse gives it. */
    static final String NAME = "shared-frontend";

    private final Targets targets;
    private final AccessLogReader accessLog;
    private final GlobalLogs logs;
    private final Problems problems;
    private final FrontendRules rules;
    private final SourceAcls acls = new SourceAcls();
    private final TcpRequestLines access;
    private final ProxySection settings;
    private final List<Bind> binds = new ArrayList<>();
    private final List<Line> ruleLines = new ArrayList<>();
    private @Nullable String fallback;
    private boolean shared = true;

    SharedFrontendReader(HaproxyTop top, Targets targets, AccessLogReader accessLog, Problems problems) {
        this.targets = targets;
        this.accessLog = accessLog;
        this.logs = top.logs();
        this.problems = problems;
        this.rules = new FrontendRules(problems);
        this.access = new TcpRequestLines(acls, problems);
        this.settings = new ProxySection(top.defaults());
    }

    /**
     * Returns the frontend.
     *
     * @param where the key that defines it
     */
    ListenerDraft read(List<Line> own, List<ServiceDraft> services, Where where) {
        own.forEach(this::take);
        services.forEach(service -> service.sharedLines().forEach(this::take));
        return result(NAME, where, Protocol.HTTP);
    }

    /** Returns the frontend that {@code section}, a {@code frontend} or a {@code listen} without servers, is. */
    ListenerDraft read(ExtraSection section) {
        shared = false;
        if (!section.title().word(2).isEmpty()) {
            String bind = "bind " + String.join(" ", section.title().from(2));
            take(Line.of(bind, section.title().where(), problems));
        }
        section.lines().forEach(this::take);
        Protocol protocol = settings.protocol();
        if (protocol == Protocol.TCP && !section.has("default_backend")) {
            problems.warning(section.where(), "has no default_backend and speaks TCP: it listens nowhere");
        }
        return result(section.name(), section.where(), protocol);
    }

    private ListenerDraft result(String name, Where where, Protocol protocol) {
        if (binds.isEmpty()) {
            problems.warning(where, "has no bind line that can be used: it listens nowhere");
        }
        boolean http = protocol == Protocol.HTTP;
        if (!http) {
            ruleLines.forEach(line -> problems.warning(
                    line.where(),
                    "`" + line.text() + "`: has no effect: it concerns requests, and the frontend speaks TCP"));
        }
        return new ListenerDraft(
                name,
                where,
                binds,
                protocol,
                targets.routes(http ? rules.rules() : FrontendRules.ofConnections(rules.rules(), "frontend", problems)),
                fallback,
                settings.timeout(Timeout.CLIENT),
                Settings.clientOf(settings),
                new Intake(
                        new EntranceConfig(access.connection(), access.session(), Settings.headerTimeoutOf(settings)),
                        access.content(),
                        settings.clientKeepAlive()),
                settings.maxConnections(),
                http ? targets.rules(messageRules(), where) : HttpRules.NONE,
                accessLog.general(settings.accessLog(logs, problems)));
    }

    private HttpRules messageRules() {
        return rules.monitorRules().and(rules.ruleLines(settings.tarpit()).rules(ruleLines));
    }

    private void take(Line line) {
        if (line.startsWith("acl")) {
            acls.define(line);
        }
        if (line.startsWith("bind")) {
            BindLine.addresses(line, problems).forEach(address -> binds.add(new Bind(address, line.where())));
        } else if (line.startsWith("default_backend")) {
            fallback = targets.resolve(line.word(1), line.where(), "`" + line.text() + "`: ");
        } else if (shared && line.startsWith("mode", "tcp")) {
            problems.warning(line.where(), "`" + line.text() + "`: has no effect: a shared frontend speaks HTTP");
        } else if (FrontendRules.isRuleLine(line)) {
            ruleLines.add(line);
        } else if (!rules.take(line) && !access.take(line)) {
            settings.apply(line, problems);
        }
    }
}
