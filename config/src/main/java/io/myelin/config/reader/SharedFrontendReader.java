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
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.Protocol;
import io.myelin.net.EntranceConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the frontend that Synapse's services share: the top-level lines, then those of each service in order. */
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
        if (binds.isEmpty()) {
            problems.warning(where, "has no bind line that can be used: it listens nowhere");
        }
        return new ListenerDraft(
                NAME,
                where,
                binds,
                Protocol.HTTP,
                targets.routes(rules.rules()),
                fallback,
                settings.timeout(Timeout.CLIENT),
                Settings.clientOf(settings),
                new Intake(
                        new EntranceConfig(access.connection(), access.session(), Settings.headerTimeoutOf(settings)),
                        access.content(),
                        settings.clientKeepAlive()),
                settings.maxConnections(),
                rules.ruleLines(settings.tarpit()).rules(ruleLines),
                accessLog.general(settings.accessLog(logs, problems)));
    }

    private void take(Line line) {
        if (line.startsWith("acl")) {
            acls.define(line);
        }
        if (line.startsWith("bind")) {
            BindLine.addresses(line, problems).forEach(address -> binds.add(new Bind(address, line.where())));
        } else if (line.startsWith("default_backend")) {
            fallback = targets.resolve(line.word(1), line.where(), "`" + line.text() + "`: ");
        } else if (line.startsWith("mode", "tcp")) {
            problems.warning(line.where(), "`" + line.text() + "`: has no effect: a shared frontend speaks HTTP");
        } else if (FrontendRules.isRuleLine(line)) {
            ruleLines.add(line);
        } else if (!rules.take(line) && !access.take(line)) {
            settings.apply(line, problems);
        }
    }
}
