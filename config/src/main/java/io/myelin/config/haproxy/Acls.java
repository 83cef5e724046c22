package io.myelin.config.haproxy;

import io.myelin.access.AddressRange;
import io.myelin.config.document.Place;
import io.myelin.config.document.Problems;
import io.myelin.config.haproxy.Criterion.Use;
import io.myelin.route.Condition;
import io.myelin.route.Condition.Part;
import io.myelin.route.ConnectionCondition;
import io.myelin.route.ConnectionCondition.End;
import io.myelin.route.Match;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The named conditions of one frontend. Lines with the same name are alternatives. */
final class Acls {
    private record Definition(Criterion criterion, Place place, String service) {}

    private static final Condition LOCALHOST = new ConnectionCondition(
            End.SOURCE, Stream.ofNullable(AddressRange.parse("127.0.0.1/8")).toList());

    private static final Map<String, Criterion> PREDEFINED = Map.ofEntries(
            Map.entry("TRUE", new Criterion(Condition.ALWAYS, Use.BOTH)),
            Map.entry("FALSE", new Criterion(Condition.NEVER, Use.BOTH)),
            Map.entry("HTTP", new Criterion(Condition.ALWAYS, Use.BOTH)),
            Map.entry("WAIT_END", new Criterion(Condition.ALWAYS, Use.BOTH)),
            Map.entry("LOCALHOST", new Criterion(LOCALHOST, Use.BOTH)),
            Map.entry("HTTP_URL_SLASH", url(Match.BEGINS, "/")),
            Map.entry("HTTP_URL_STAR", url(Match.EXACT, "*")),
            Map.entry("METH_GET", method("GET", "HEAD")),
            Map.entry("METH_HEAD", method("HEAD")),
            Map.entry("METH_POST", method("POST")),
            Map.entry("METH_PUT", method("PUT")),
            Map.entry("METH_DELETE", method("DELETE")),
            Map.entry("METH_TRACE", method("TRACE")),
            Map.entry("METH_CONNECT", method("CONNECT")),
            Map.entry("METH_OPTIONS", method("OPTIONS")));

    private final Map<String, List<Definition>> byName = new HashMap<>();
    private final Set<String> unknown = new HashSet<>();
    private final Problems problems;

    Acls(Problems problems) {
        this.problems = problems;
    }

    /** Takes a line {@code acl NAME CRITERION [flags] VALUE...}. */
    void define(Line line) {
        String name = line.word(1);
        if (line.words().size() < 3) {
            line.error(problems, "no criterion", "acl NAME CRITERION VALUE...");
            return;
        }
        warnOfReuse(line, name);
        try {
            Criterion criterion = Criterion.of(line.from(2));
            byName.computeIfAbsent(name, key -> new ArrayList<>())
                    .add(new Definition(
                            criterion, line.where().place(), line.where().service()));
        } catch (MalformedLineException e) {
            unknown.add(name);
            line.warning(problems, e.reason() + ": rules that ask for " + name + " are left out");
        }
    }

    /**
     * Returns what {@code name} stands for in a rule for messages of that kind, {@code null} if it is defined by
     * something that is not interpreted.
     */
    @Nullable
    Condition named(String name, Use kind) throws MalformedLineException {
        if (unknown.contains(name)) {
            return null;
        }
        List<Definition> definitions = byName.get(name);
        if (definitions != null) {
            List<Condition> conditions = new ArrayList<>();
            for (Definition definition : definitions) {
                conditions.add(fitting(definition.criterion(), kind, "the acl " + name));
            }
            return conditions.size() == 1 ? conditions.get(0) : new Condition.Any(conditions);
        }
        Criterion predefined = PREDEFINED.get(name);
        if (predefined == null) {
            throw new MalformedLineException("there is no acl " + name, "the name of an acl");
        }
        return fitting(predefined, kind, "the acl " + name);
    }

    /** Returns the condition of {@code criterion} if messages of that kind have what it looks at. */
    static Condition fitting(Criterion criterion, Use kind, String what) throws MalformedLineException {
        if (!criterion.use().fits(kind)) {
            String missing = kind == Use.RESPONSE
                    ? " looks at the request, which is gone when the response is there"
                    : " looks at the response, which is not there yet";
            throw new MalformedLineException(what + missing, "what the message at hand has");
        }
        return criterion.condition();
    }

    private void warnOfReuse(Line line, String name) {
        for (Definition definition : byName.getOrDefault(name, List.of())) {
            if (!definition.service().equals(line.where().service())) {
                line.warning(
                        problems, name + " is defined at " + definition.place() + " as well: either makes it hold");
                return;
            }
        }
    }

    private static Criterion method(String... names) {
        return new Criterion(new Condition.Text(Part.METHOD, Match.EXACT, false, List.of(names)), Use.REQUEST);
    }

    private static Criterion url(Match match, String text) {
        return new Criterion(new Condition.Text(Part.TARGET, match, false, List.of(text)), Use.REQUEST);
    }
}
