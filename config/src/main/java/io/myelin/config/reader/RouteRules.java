package io.myelin.config.reader;

import io.myelin.http.HeaderEdit;
import io.myelin.http.HttpRule;
import io.myelin.http.HttpRules;
import io.myelin.http.TargetEdit;
import io.myelin.http.Template;
import io.myelin.route.Condition;
import java.util.ArrayList;
import java.util.List;

/** What a route does to the requests that it takes. */
final class RouteRules {
    private RouteRules() {}

    /**
     * Returns the rules of a route.
     *
     * @param stripped the prefix that is taken off paths, without a slash at its end; empty for none
     * @param host what takes the place of what the client asked for in Host, empty for nothing
     * @throws IllegalArgumentException if {@code host} is not a host with an optional port
     */
    static HttpRules of(String stripped, String host) {
        List<HttpRule> rules = new ArrayList<>();
        if (!stripped.isEmpty()) {
            rules.add(new HttpRule(Condition.ALWAYS, new TargetEdit.Strip(stripped.length())));
        }
        if (!host.isEmpty()) {
            rules.add(new HttpRule(Condition.ALWAYS, new HeaderEdit.Set("Host", Template.of(host))));
        }
        return new HttpRules(List.of(rules), List.of());
    }
}
