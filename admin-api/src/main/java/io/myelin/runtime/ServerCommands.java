package io.myelin.runtime;

import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.httpd.Body;
import io.myelin.model.Endpoint;
import io.myelin.pool.Pool;
import io.myelin.stats.StatsView;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The commands that concern one server. */
final class ServerCommands {
    private static final String NO_NAME = "Require 'backend/server'.";
    private static final String USAGE = "usage: set server <backend>/<server> addr | state | weight";
    private static final String BY = " by 'stats socket command'";
    private static final String STATES = "'set server <srv> state' expects 'ready', 'drain' and 'maint'.";
    private static final int MOST_PERCENT = 25_600;

    private final StatsView view;

    ServerCommands(StatsView view) {
        this.view = view;
    }

    Answer enable(List<String> arguments) {
        return on(arguments, (pool, member) -> rest(pool, member, AdminState.READY));
    }

    Answer disable(List<String> arguments) {
        return on(arguments, (pool, member) -> rest(pool, member, AdminState.MAINT));
    }

    Answer weight(List<String> arguments) {
        return on(
                arguments,
                (pool, member) -> Answer.line(member.weight() + " (initial " + member.configuredWeight() + ")"));
    }

    Answer setWeight(List<String> arguments) {
        return on(arguments, (pool, member) -> weigh(pool, member, word(arguments, 1)));
    }

    Answer set(List<String> arguments) {
        return on(arguments, (pool, member) -> set(pool, member, arguments.subList(1, arguments.size())));
    }

    private static Answer set(Pool pool, Member member, List<String> words) {
        return switch (word(words, 0)) {
            case "state" -> state(pool, member, word(words, 1));
            case "weight" -> weigh(pool, member, word(words, 1));
            case "addr" -> move(pool, member, words);
            default -> Answer.line(USAGE);
        };
    }

    private static Answer state(Pool pool, Member member, String state) {
        return switch (state) {
            case "ready" -> rest(pool, member, AdminState.READY);
            case "drain" -> rest(pool, member, AdminState.DRAIN);
            case "maint" -> rest(pool, member, AdminState.MAINT);
            default -> Answer.line(STATES);
        };
    }

    private static Answer rest(Pool pool, Member member, AdminState state) {
        pool.rest(member.id(), state);
        return Answer.CHANGED;
    }

    /** Takes an absolute weight, or one relative to the initial weight if it ends in a per cent sign. */
    private static Answer weigh(Pool pool, Member member, String word) {
        if (word.isEmpty()) {
            return Answer.line("Require <weight> or <weight%>.");
        }
        boolean relative = word.endsWith("%");
        String digits = relative ? word.substring(0, word.length() - 1) : word;
        if (!digits.matches("-?\\d{1,9}")) {
            // HAProxy ends neither of these lines.
            return Answer.of(
                    digits.matches("-?\\d+.*")
                            ? "Trailing garbage in weight string"
                            : "Empty weight string empty or preceded by garbage");
        }
        int number = Integer.parseInt(digits);
        if (relative && number < 0) {
            return Answer.line("Relative weight must be positive.");
        }
        int weight = relative
                ? Math.min(Endpoint.MAX_WEIGHT, member.configuredWeight() * Math.min(number, MOST_PERCENT) / 100)
                : number;
        if (weight < 0 || weight > Endpoint.MAX_WEIGHT) {
            return Answer.line("Absolute weight can only be between 0 and 256 inclusive.");
        }
        pool.weigh(member.id(), weight);
        return Answer.CHANGED;
    }

    private static Answer move(Pool pool, Member member, List<String> words) {
        String address = word(words, 1);
        if (address.isEmpty()) {
            return Answer.line("set server <b>/<s> addr requires an address and optionally a port.");
        }
        if (!NetUtil.isValidIpV4Address(address) && !NetUtil.isValidIpV6Address(address)) {
            return Answer.line("Invalid addr '" + address + "'" + BY);
        }
        Integer port = words.size() > 2
                ? port(words)
                : Integer.valueOf(member.endpoint().port());
        if (port == null || port < 1 || port > 65_535) {
            return Answer.line("Invalid port" + BY);
        }
        Endpoint now = member.endpoint();
        boolean moves = !now.host().equals(address) || now.port() != port;
        if (moves) {
            pool.move(member.id(), address, port);
        }
        String host = change("addr", "IP", now.host(), address);
        String change = words.size() > 2
                ? host + ", " + change("port", "port", Integer.toString(now.port()), port.toString())
                : host;
        return new Answer(Body.of(change + BY + "\n"), moves);
    }

    private static String change(String noun, String title, String before, String after) {
        return before.equals(after)
                ? "no need to change the " + noun
                : title + " changed from '" + before + "' to '" + after + "'";
    }

    private static @Nullable Integer port(List<String> words) {
        String digits = word(words, 3);
        return word(words, 2).equals("port") && digits.matches("\\d{1,5}") ? Integer.valueOf(digits) : null;
    }

    private Answer on(List<String> arguments, BiFunction<Pool, Member, Answer> action) {
        String name = word(arguments, 0);
        int slash = name.indexOf('/');
        if (slash < 1 || slash == name.length() - 1) {
            return Answer.line(NO_NAME);
        }
        Pool pool = view.pool(name.substring(0, slash));
        if (pool == null) {
            return Answer.line("No such backend.");
        }
        String server = name.substring(slash + 1);
        for (Member member : pool.snapshot().members()) {
            if (member.id().value().equals(server)) {
                return action.apply(pool, member);
            }
        }
        return Answer.line("No such server.");
    }

    private static String word(List<String> words, int index) {
        return index < words.size() ? words.get(index) : "";
    }
}
