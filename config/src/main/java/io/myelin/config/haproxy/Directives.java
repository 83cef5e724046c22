package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.config.haproxy.ProxySection.Closing;
import io.myelin.health.CheckConfig.Expectation;
import io.myelin.model.Protocol;
import java.time.Duration;

/** What each directive of a section does to it. */
final class Directives {
    private Directives() {}

    static void apply(Line line, ProxySection section, Problems problems) {
        try {
            if (!line.words().isEmpty() && !interpret(line, section, problems)) {
                Ignored.report(line, problems);
            }
        } catch (MalformedLineException e) {
            line.error(problems, e.reason(), e.expected());
        }
    }

    private static boolean interpret(Line line, ProxySection section, Problems problems) throws MalformedLineException {
        switch (line.word(0)) {
            case "mode" -> section.mode = mode(line.word(1));
            case "balance" -> section.balance.balance(line, problems);
            case "hash-type" -> section.balance.hashType(line, problems);
            case "hash-balance-factor" -> section.balance.hashBalanceFactor(line);
            case "cookie" -> section.sticky.cookie(line, problems);
            case "retries" -> section.retries = Quantity.number(line.word(1), 0, 100);
            case "redispatch" -> section.redispatch = true;
            case "maxconn" -> section.maxConnections = Quantity.number(line.word(1), 0, Quantity.MOST);
            case "default-server" -> defaultServer(line, section.server(), problems);
            case "retry-on" -> section.retryRules = RetryOnLine.rules(line, problems);
            case "clitimeout" -> section.limit(Timeout.CLIENT, Quantity.time(line.word(1)));
            case "srvtimeout" -> section.limit(Timeout.SERVER, Quantity.time(line.word(1)));
            case "contimeout" -> section.limit(Timeout.CONNECT, Quantity.time(line.word(1)));
            case "source" -> section.server().source(line.from(1), line, problems);
            case "timeout" -> {
                return timeout(line, section);
            }
            case "log" -> section.logs.log(line);
            case "log-format" -> section.logs.format(line, problems);
            case "log-tag" -> section.logs.tag(line.word(1));
            case "unique-id-header" -> section.logs.idHeader(line.word(1));
            case "unique-id-format" -> section.logs.idFormat(line, problems);
            case "errorfile", "errorloc", "errorloc302", "errorloc303" ->
                ErrorLines.take(line, section.errorPages, problems);
            case "capture" -> {
                return section.logs.capture(line);
            }
            case "http-check" -> {
                return httpCheck(line, section, problems);
            }
            case "option" -> {
                return option(line, section, problems);
            }
            case "no" -> {
                return noOption(line, section);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void defaultServer(Line line, ServerSettings server, Problems problems) {
        String cookie = server.cookie;
        server.apply(line, line.from(1), problems);
        if (line.words().contains("cookie")) {
            server.cookie = cookie;
            line.warning(problems, "cookie has no effect: every server has a value of its own");
        }
    }

    private static Protocol mode(String name) throws MalformedLineException {
        return switch (name) {
            case "http" -> Protocol.HTTP;
            case "tcp" -> Protocol.TCP;
            default -> throw new MalformedLineException("`" + name + "` is not a mode", "http or tcp");
        };
    }

    private static boolean timeout(Line line, ProxySection section) throws MalformedLineException {
        Timeout name = Timeout.named(line.word(1));
        if (name == null) {
            return false;
        }
        Duration value = Quantity.time(line.word(2));
        section.limit(name, value);
        return true;
    }

    private static boolean httpCheck(Line line, ProxySection section, Problems problems) throws MalformedLineException {
        if (line.word(1).equals("send-state")) {
            section.sendState = true;
            return true;
        }
        if (!line.word(1).equals("expect")) {
            return false;
        }
        Expectation expectation = HttpCheckLines.expectation(line, problems);
        if (expectation != null) {
            section.expectation = expectation;
        }
        return true;
    }

    private static boolean option(Line line, ProxySection section, Problems problems) throws MalformedLineException {
        switch (line.word(1)) {
            case "httpchk" -> section.httpCheck = HttpCheckLines.request(line.from(2));
            case "redispatch" -> section.redispatch = !line.word(2).equals("0");
            case "allbackups" -> section.allBackups = true;
            case "persist" -> section.sticky.persist = true;
            case "forwardfor" -> forwardFor(line, section, problems);
            case "http-keep-alive" -> section.closing = Closing.NONE;
            case "http-server-close" -> section.closing = Closing.MEMBERS;
            case "httpclose", "forceclose" -> section.closing = Closing.BOTH;
            case "tcpka" -> keepAlive(section, true, true, true);
            case "clitcpka" -> keepAlive(section, true, true, false);
            case "srvtcpka" -> keepAlive(section, true, false, true);
            case "httplog" -> section.logs.httpLog(line);
            case "tcplog" -> section.logs.tcpLog();
            case "dontlognull" -> section.logs.skipEmpty(true);
            case "dontlog-normal" -> section.logs.skipNormal(true);
            case "log-separate-errors" -> section.logs.separateErrors(true);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void keepAlive(ProxySection section, boolean on, boolean clients, boolean members) {
        section.clientKeepAlive = clients ? on : section.clientKeepAlive;
        section.memberKeepAlive = members ? on : section.memberKeepAlive;
    }

    private static void forwardFor(Line line, ProxySection section, Problems problems) {
        section.forwardedFor = true;
        if (line.words().size() > 2) {
            line.warning(problems, "the arguments are not interpreted: X-Forwarded-For is added to every request");
        }
    }

    private static boolean noOption(Line line, ProxySection section) {
        if (line.startsWith("no", "log")) {
            section.logs.noLog();
            return true;
        }
        if (!line.word(1).equals("option")) {
            return false;
        }
        switch (line.word(2)) {
            case "redispatch" -> section.redispatch = false;
            case "allbackups" -> section.allBackups = false;
            case "persist" -> section.sticky.persist = false;
            case "forwardfor" -> section.forwardedFor = false;
            case "httpchk" -> section.httpCheck = null;
            case "http-server-close", "httpclose", "forceclose" -> section.closing = Closing.NONE;
            case "tcpka" -> keepAlive(section, false, true, true);
            case "clitcpka" -> keepAlive(section, false, true, false);
            case "srvtcpka" -> keepAlive(section, false, false, true);
            case "dontlognull" -> section.logs.skipEmpty(false);
            case "dontlog-normal" -> section.logs.skipNormal(false);
            case "log-separate-errors" -> section.logs.separateErrors(false);
            default -> {
                return false;
            }
        }
        return true;
    }
}
