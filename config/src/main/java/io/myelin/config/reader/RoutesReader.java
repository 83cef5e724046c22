package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.reader.NativeRoute.Rank;
import io.myelin.config.reader.Section.Item;
import io.myelin.http.HttpRules;
import io.myelin.route.Condition;
import io.myelin.route.Condition.Part;
import io.myelin.route.Condition.Text;
import io.myelin.route.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the {@code routes} of a service. */
final class RoutesReader {
    private static final List<String> REQUEST_KEYS = List.of("host", "path_prefix", "path", "method");

    private final String service;
    private final Problems problems;

    RoutesReader(String service, Problems problems) {
        this.service = service;
        this.problems = problems;
    }

    List<NativeRoute> read(Section section) {
        List<NativeRoute> routes = new ArrayList<>();
        for (Item item : section.items("routes")) {
            Section route = Section.of(item.node(), item.where(), problems);
            NativeRoute read = route == null ? null : route(route);
            if (read != null) {
                routes.add(read);
            }
        }
        return routes;
    }

    private @Nullable NativeRoute route(Section route) {
        route.allow(Keys.ROUTE);
        List<Condition> conditions = conditions(route, problems);
        if (conditions.isEmpty()) {
            if (REQUEST_KEYS.stream().noneMatch(route::has)) {
                problems.error(route.where(), "names no request", "host, path_prefix, path or method");
            }
            return null;
        }
        Condition when = conditions.size() == 1 ? conditions.get(0) : new Condition.All(conditions);
        String path = route.text("path");
        Rank rank = new Rank(
                hostRank(route.text("host")), pathRank(route.text("path_prefix"), path), route.has("method") ? 1 : 0);
        return new NativeRoute(route.text("frontend"), when, rank, service, rules(route), route.where());
    }

    private HttpRules rules(Section route) {
        String prefix = route.text("path_prefix");
        boolean strips = route.flag("strip_prefix", false);
        if (strips && prefix == null) {
            problems.error(route.where("strip_prefix"), "there is no path_prefix to take off", "one, such as /api");
        }
        String host = route.text("host_header");
        try {
            return RouteRules.of(
                    strips && prefix != null ? prefix.replaceFirst("/+$", "") : "", host == null ? "" : host);
        } catch (IllegalArgumentException e) {
            problems.error(route.where("host_header"), String.valueOf(host), "a host with an optional port");
            return HttpRules.NONE;
        }
    }

    /**
     * Returns what {@code host}, {@code path_prefix}, {@code path} and {@code method} say, as far as they are there.
     */
    static List<Condition> conditions(Section route, Problems problems) {
        String host = route.text("host", "(\\*\\.)?[^\\s*/]+", "a host name, *.example.com or host:port");
        String prefix = route.text("path_prefix", "/\\S*", "a path that begins with /");
        String path = route.text("path", "/\\S*", "a path that begins with /");
        String method = route.text("method", "[A-Z]+", "a method in capitals, such as GET");
        if (path != null && prefix != null) {
            problems.error(route.where("path"), "is set beside path_prefix", "one of them");
        }
        List<Condition> conditions = new ArrayList<>();
        if (host != null) {
            conditions.add(hostCondition(host));
        }
        if (prefix != null) {
            conditions.add(new Text(Part.PATH, Match.SEGMENTS, false, List.of(prefix)));
        }
        if (path != null) {
            conditions.add(new Text(Part.PATH, Match.EXACT, false, List.of(path)));
        }
        if (method != null) {
            conditions.add(new Text(Part.METHOD, Match.EXACT, false, List.of(method)));
        }
        return conditions;
    }

    static Condition hostCondition(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        Part part = name.matches(".*[^:\\]]:\\d+|\\[.*]:\\d+") ? Part.HOST : Part.HOST_NAME;
        return name.startsWith("*.")
                ? new Text(part, Match.ENDS, true, List.of(name.substring(1)))
                : new Text(part, Match.EXACT, true, List.of(name));
    }

    static int hostRank(@Nullable String host) {
        return host == null ? 0 : host.length() + (host.startsWith("*.") ? 0 : Rank.EXACT);
    }

    private static int pathRank(@Nullable String prefix, @Nullable String path) {
        return path != null ? Rank.EXACT : prefix == null ? 0 : prefix.length();
    }
}
