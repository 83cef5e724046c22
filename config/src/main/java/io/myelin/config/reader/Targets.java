package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.FrontendRules.Rule;
import io.myelin.http.HttpRule;
import io.myelin.http.HttpRules;
import io.myelin.route.Condition;
import io.myelin.route.ConditionParts;
import io.myelin.route.PoolCondition;
import io.myelin.route.RouteConfig.Route;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names by which services can be the target of a rule. */
final class Targets {
    private static final int NAMES_SHOWN = 20;

    private final Map<String, String> services = new LinkedHashMap<>();
    private final IdentityHashMap<HttpRule, HttpRule> resolvedRules = new IdentityHashMap<>();
    private final Problems problems;

    /**
     * @param names every service of the files, broken or not
     * @param drafts those of them that could be read
     */
    Targets(Iterable<String> names, List<ServiceDraft> drafts, Problems problems) {
        this.problems = problems;
        names.forEach(name -> services.put(name, name));
        for (ServiceDraft draft : drafts) {
            String owner = services.putIfAbsent(draft.alias(), draft.name());
            if (owner != null && !owner.equals(draft.name())) {
                problems.error(
                        draft.where()
                                .child("haproxy.backend_name", draft.where().place()),
                        draft.alias() + " is a name of the service " + owner,
                        "a name of its own");
            }
        }
    }

    /** Returns the service that {@code target} names, {@code null} if it names none, which is reported. */
    @Nullable
    String resolve(String target, Where where, String context) {
        String service = services.get(target);
        if (service == null) {
            problems.error(where, context + "there is no service " + target, known());
        }
        return service;
    }

    /** Returns the routes that {@code rules} are; those that name no service are reported and left out. */
    List<Route> routes(List<Rule> rules) {
        List<Route> routes = new ArrayList<>();
        for (Rule rule : rules) {
            String context = "`" + rule.line().text() + "`: ";
            String service = resolve(rule.target(), rule.line().where(), context);
            Condition when = resolve(rule.when(), rule.line().where(), context);
            if (service != null && when != null) {
                routes.add(new Route(when, service));
            }
        }
        return routes;
    }

    /**
     * Returns {@code condition} asking services by their names, {@code null} if one is not there, which is reported.
     */
    private @Nullable Condition resolve(Condition condition, Where where, String context) {
        Set<String> missing = new LinkedHashSet<>();
        Condition resolved = ConditionParts.replaced(condition, part -> {
            if (!(part instanceof PoolCondition asked)) {
                return part;
            }
            String service = services.get(asked.name());
            if (service == null) {
                missing.add(asked.name());
            }
            return asked.on(service == null ? asked.name() : service);
        });
        missing.forEach(name -> resolve(name, where, context));
        return missing.isEmpty() ? resolved : null;
    }

    /**
     * Returns {@code rules} asking services by their names; one that asks for a service that is not there is reported
     * and never holds. A rule that is given again comes to the same rule again.
     */
    HttpRules rules(HttpRules rules, Where where) {
        return rules.mapped(rule -> ConditionParts.asksPools(rule.when())
                ? resolvedRules.computeIfAbsent(rule, asking -> resolved(asking, where))
                : rule);
    }

    private HttpRule resolved(HttpRule rule, Where where) {
        Condition when = resolve(rule.when(), where, "a rule asks for a service: ");
        return new HttpRule(when == null ? Condition.NEVER : when, rule.action());
    }

    private String known() {
        List<String> names = services.keySet().stream().limit(NAMES_SHOWN).toList();
        String more = services.size() > NAMES_SHOWN ? ", ..." : "";
        return names.isEmpty() ? "a service" : "one of " + String.join(", ", names) + more;
    }
}
