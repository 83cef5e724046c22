package io.myelin.runtime;

import io.myelin.config.operator.SocketConfig.Level;
import io.myelin.stats.Statistics;
import io.myelin.stats.StatsView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commands of HAProxy's runtime API that are understood (HAProxy's management guide, section 9.3). Any thread. */
final class Commands {
    private static final String DENIED = "Permission denied";

    private final Statistics statistics;
    private final ShowCommands show;
    private final ServerCommands servers;
    private final Map<List<String>, Entry> entries = new LinkedHashMap<>();

    /** Something that can be asked. */
    @FunctionalInterface
    private interface Command {
        /** Runs with the words behind those that name it. */
        Answer run(List<String> arguments);
    }

    private record Entry(Level level, String usage, Command command) {}

    Commands(StatsView view, Statistics statistics, ProcessFacts facts) {
        this.statistics = statistics;
        this.show = new ShowCommands(view, statistics, facts);
        this.servers = new ServerCommands(view);
        addLooks();
        addChanges();
    }

    private void addLooks() {
        add(Level.USER, "show info", "[typed|json] : report information about the running process", show::info);
        add(
                Level.USER,
                "show stat",
                "[<iid>|<proxy> <type> <sid>] [typed|json] [up|no-maint] : report counters of each proxy and server",
                show::stat);
        add(Level.USER, "show servers state", "[<backend>] : dump the state of servers", show::serversState);
        add(Level.USER, "show version", "show the version of this program", any -> show.version());
        add(Level.USER, "get weight", "<bk>/<srv> : report a server's current weight", servers::weight);
        add(Level.USER, "help", "[<command>] : list the commands", this::help);
    }

    private void addChanges() {
        add(Level.OPERATOR, "clear counters", "[all] : clear max statistics counters (or all counters)", this::clear);
        add(Level.ADMIN, "disable server", "<bk>/<srv> : disable a server for maintenance", servers::disable);
        add(Level.ADMIN, "enable server", "<bk>/<srv> : enable a disabled server", servers::enable);
        add(
                Level.ADMIN,
                "set server",
                "<bk>/<srv> state|weight|addr [args]* : change a server's state, weight or address",
                servers::set);
        add(Level.ADMIN, "set weight", "<bk>/<srv> <w>[%] : change a server's weight", servers::setWeight);
    }

    private void add(Level level, String name, String usage, Command command) {
        entries.put(List.of(name.split(" ", -1)), new Entry(level, name + " " + usage, command));
    }

    /** Runs the command that {@code words} are, as somebody who may ask as much as {@code level} lets him. */
    Answer run(List<String> words, Level level) {
        for (Map.Entry<List<String>, Entry> known : entries.entrySet()) {
            List<String> name = known.getKey();
            if (words.size() >= name.size() && words.subList(0, name.size()).equals(name)) {
                Entry entry = known.getValue();
                List<String> arguments = words.subList(name.size(), words.size());
                boolean all = name.get(0).equals("clear") && arguments.contains("all");
                Level needed = all ? Level.ADMIN : entry.level();
                return level.compareTo(needed) < 0
                        ? Answer.line(DENIED)
                        : entry.command().run(arguments);
            }
        }
        return unknown();
    }

    private Answer unknown() {
        return Answer.of("Unknown command. Please enter one of the following commands only:\n" + list(List.of()));
    }

    private Answer help(List<String> arguments) {
        return Answer.of("The following commands are valid at this level:\n" + list(arguments));
    }

    private String list(List<String> beginning) {
        StringBuilder list = new StringBuilder();
        entries.forEach((name, entry) -> {
            if (beginning.isEmpty() || name.get(0).equals(beginning.get(0))) {
                list.append("  ").append(entry.usage()).append('\n');
            }
        });
        return list.append("  prompt : toggle interactive mode with prompt\n")
                .append("  quit : disconnect\n")
                .toString();
    }

    private Answer clear(List<String> arguments) {
        if (arguments.contains("all")) {
            statistics.clearAll();
        } else {
            statistics.clearMaxima();
        }
        return Answer.of("");
    }
}
