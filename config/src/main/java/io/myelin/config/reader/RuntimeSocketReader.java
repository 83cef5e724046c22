package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.haproxy.BindLine;
import io.myelin.config.haproxy.Line;
import io.myelin.config.haproxy.StatsSocketLine;
import io.myelin.config.operator.SocketConfig;
import io.myelin.config.reader.Section.Item;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads where runtime commands are taken: {@code stats socket} lines of {@code haproxy.global}, the paths of
 * {@code haproxy.socket_file_path}, and those of the native {@code admin.socket}. What a line says of a path counts.
 */
final class RuntimeSocketReader {
    private static final String FORM = "the path of a Unix socket, which begins with /";

    private final Map<String, SocketConfig> sockets = new LinkedHashMap<>();
    private final Problems problems;

    RuntimeSocketReader(Problems problems) {
        this.problems = problems;
    }

    List<SocketConfig> read(@Nullable Section haproxy, @Nullable Section admin) {
        if (haproxy != null) {
            haproxy.lines("global").stream().filter(StatsSocketLine::matches).forEach(this::addLine);
            if (haproxy.flag("do_socket", true)) {
                addPaths(haproxy, "socket_file_path");
            }
        }
        if (admin != null) {
            addPaths(admin, "socket");
        }
        return List.copyOf(sockets.values());
    }

    private void addLine(Line line) {
        SocketConfig socket = StatsSocketLine.read(line, problems);
        if (socket != null) {
            sockets.putIfAbsent(socket.path(), socket);
        }
    }

    private void addPaths(Section section, String key) {
        for (Item item : section.items(key)) {
            String text = item.node() instanceof Scalar scalar
                    ? scalar.text()
                    : item.node().kind();
            String path = BindLine.path(text);
            if (path == null) {
                problems.error(item.where(), text, FORM);
            } else {
                sockets.putIfAbsent(path, SocketConfig.of(path));
            }
        }
    }
}
