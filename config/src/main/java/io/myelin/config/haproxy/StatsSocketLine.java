package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.config.operator.SocketConfig;
import io.myelin.config.operator.SocketConfig.Level;
import io.myelin.unix.SocketFile;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A line {@code stats socket PATH [options]} of the {@code global} section. */
public final class StatsSocketLine {
    /** Options with an argument that mean nothing here. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of("process", "thread", "expose-fd", "name", "id", "severity-output");

    private StatsSocketLine() {}

    public static boolean matches(Line line) {
        return line.startsWith("stats", "socket");
    }

    /** Returns whether the line is about runtime sockets and says nothing that would have to be done. */
    static boolean isOfNoConcern(Line line) {
        return line.startsWith("stats", "timeout") || line.startsWith("stats", "maxconn");
    }

    /** Returns the socket, {@code null} if it cannot be had, which is reported. */
    public static @Nullable SocketConfig read(Line line, Problems problems) {
        String path = BindLine.path(line.word(2));
        if (path == null) {
            line.warning(problems, "is not the path of a Unix socket: nothing listens there");
            return null;
        }
        Integer mode = SocketConfig.DEFAULT_MODE;
        String user = null;
        String group = null;
        Level level = Level.OPERATOR;
        for (int at = 3; at < line.words().size(); at++) {
            String argument = line.word(at + 1);
            boolean takesArgument = true;
            switch (line.word(at)) {
                case "mode" -> mode = mode(line, argument, problems);
                case "user", "uid" -> user = argument;
                case "group", "gid" -> group = argument;
                case "level" -> level = level(line, argument, problems);
                default -> takesArgument = WITHOUT_EFFECT.contains(line.word(at));
            }
            at += takesArgument ? 1 : 0;
        }
        return new SocketConfig(path, new SocketFile.Access(mode, user, group), level);
    }

    private static Integer mode(Line line, String argument, Problems problems) {
        Integer mode = BindLine.mode(argument);
        if (mode == null) {
            line.error(problems, "`" + argument + "` is not a file mode", "an octal number, such as 660");
            return SocketConfig.DEFAULT_MODE;
        }
        return mode;
    }

    private static Level level(Line line, String argument, Problems problems) {
        try {
            return Level.valueOf(argument.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            line.error(problems, "`" + argument + "` is not a level", "user, operator or admin");
            return Level.USER;
        }
    }
}
