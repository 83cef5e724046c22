package io.myelin.config.haproxy;

import io.myelin.config.document.Place;
import io.myelin.config.document.Problems;
import io.myelin.route.Condition;
import io.myelin.route.Condition.Part;
import io.myelin.route.Match;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The named conditions of one frontend. Lines with the same name are alternatives. */
final class Acls {
    private record Definition(Condition condition, Place place, String service) {}

    private static final Condition NEVER = new Condition.Any(List.of());

    private static final Map<String, Condition> PREDEFINED = Map.of(
            "TRUE", Condition.ALWAYS,
            "FALSE", NEVER,
            "METH_GET", method("GET", "HEAD"),
            "METH_HEAD", method("HEAD"),
            "METH_POST", method("POST"),
            "METH_PUT", method("PUT"),
            "METH_DELETE", method("DELETE"),
            "METH_OPTIONS", method("OPTIONS"));

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
            Condition condition = Criterion.of(line.from(2));
            byName.computeIfAbsent(name, key -> new ArrayList<>())
                    .add(new Definition(
                            condition, line.where().place(), line.where().service()));
        } catch (MalformedLineException e) {
            unknown.add(name);
            line.warning(problems, e.reason() + ": rules that ask for " + name + " are left out");
        }
    }

    /** Returns what {@code name} stands for, {@code null} if it is defined by something that is not interpreted. */
    @Nullable
    Condition named(String name) throws MalformedLineException {
        if (unknown.contains(name)) {
            return null;
        }
        List<Definition> definitions = byName.get(name);
        if (definitions != null) {
            List<Condition> conditions =
                    definitions.stream().map(Definition::condition).toList();
            return conditions.size() == 1 ? conditions.get(0) : new Condition.Any(conditions);
        }
        Condition predefined = PREDEFINED.get(name);
        if (predefined == null) {
            throw new MalformedLineException("there is no acl " + name, "the name of an acl");
        }
        return predefined;
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

    private static Condition method(String... names) {
        return new Condition.Text(Part.METHOD, Match.EXACT, false, List.of(names));
    }
}
