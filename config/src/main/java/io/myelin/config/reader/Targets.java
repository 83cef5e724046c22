package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.FrontendRules.Rule;
import io.myelin.route.RouteConfig.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names by which services can be the target of a rule. */
final class Targets {
    private static final int NAMES_SHOWN = 20;

    private final Map<String, String> services = new LinkedHashMap<>();
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
            String service = resolve(
                    rule.target(), rule.line().where(), "`" + rule.line().text() + "`: ");
            if (service != null) {
                routes.add(new Route(rule.when(), service));
            }
        }
        return routes;
    }

    private String known() {
        List<String> names = services.keySet().stream().limit(NAMES_SHOWN).toList();
        String more = services.size() > NAMES_SHOWN ? ", ..." : "";
        return names.isEmpty() ? "a service" : "one of " + String.join(", ", names) + more;
    }
}
