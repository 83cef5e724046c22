package io.myelin.config.reader;

import io.myelin.access.AddressRange;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.ValueText;
import io.myelin.config.reader.Section.Item;
import io.myelin.http.HeaderEdit;
import io.myelin.http.HttpAction;
import io.myelin.http.HttpRule;
import io.myelin.http.HttpRules;
import io.myelin.http.MonitorAnswer;
import io.myelin.http.Redirection;
import io.myelin.http.Redirection.Kind;
import io.myelin.http.Refusal;
import io.myelin.http.Template;
import io.myelin.route.Condition;
import io.myelin.route.Condition.Part;
import io.myelin.route.ConnectionCondition;
import io.myelin.route.ConnectionCondition.End;
import io.myelin.route.Match;
import io.myelin.route.Numbers;
import io.myelin.route.Numbers.Range;
import io.myelin.route.PoolCondition;
import io.myelin.route.PoolCondition.Measure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a service or frontend says is done to messages: {@code monitor}, {@code deny}, {@code redirects},
 * {@code request_headers} and {@code response_headers}, which take effect in this order.
 */
final class MessageRulesReader {
    /** The keys that say where a redirection goes, of which it has one. */
    private static final Map<String, Kind> PLACES =
            Map.of("to", Kind.LOCATION, "prefix", Kind.PREFIX, "scheme", Kind.SCHEME);

    private static final String PLACE_FORMS = "to, prefix or scheme";
    private static final String PATHS = "a path that begins with /";
    private static final String FIELD = "a header field that rules may change, and a value that fits it";

    private final Section section;
    private final Problems problems;

    MessageRulesReader(Section section) {
        this.section = section;
        this.problems = section.problems();
    }

    HttpRules read() {
        return new HttpRules(
                List.of(monitor(), refusals(), redirections(), headers("request_headers", false)),
                List.of(headers("response_headers", true)));
    }

    private List<HttpRule> monitor() {
        List<HttpRule> rules = new ArrayList<>();
        Section monitor = section.section("monitor");
        if (monitor == null) {
            return rules;
        }
        monitor.allow(Keys.MONITOR);
        String path = monitor.text("path", "/[!-~]*", PATHS);
        if (!monitor.has("path")) {
            problems.error(monitor.where(), "has no path", PATHS);
        }
        if (path == null) {
            return rules;
        }
        Condition asked = new Condition.Text(Part.TARGET, Match.EXACT, false, List.of(path));
        Section least = monitor.section("fail_below");
        for (Entry service : least == null ? List.<Entry>of() : least.entries()) {
            Integer members = least == null ? null : least.number(service.name(), 1, Overrides.MOST);
            if (members != null) {
                Numbers fewer = new Numbers(List.of(new Range(0, members - 1L)));
                Condition few = new PoolCondition(Measure.MEMBERS, service.name(), fewer);
                rules.add(new HttpRule(new Condition.All(List.of(asked, few)), new MonitorAnswer(false)));
            }
        }
        rules.add(new HttpRule(asked, new MonitorAnswer(true)));
        return rules;
    }

    private List<HttpRule> refusals() {
        List<HttpRule> rules = new ArrayList<>();
        for (Section refusal : sections("deny", Keys.DENY)) {
            Duration after = refusal.duration("after", Duration.ZERO);
            int status = refusal.number("status", 200, 599, after.isZero() ? 403 : 500);
            Supplier<HttpAction> action = () -> after.isZero() ? Refusal.deny(status) : Refusal.tarpit(status, after);
            add(rules, condition(refusal), action, refusal.where("status"), "such as 403, 404, 429, 500 or 503");
        }
        return rules;
    }

    private List<HttpRule> redirections() {
        List<HttpRule> rules = new ArrayList<>();
        for (Section redirect : sections("redirects", Keys.REDIRECT)) {
            List<String> places = PLACES.keySet().stream().filter(redirect::has).toList();
            if (places.size() != 1) {
                problems.error(
                        redirect.where(),
                        "has " + (places.isEmpty() ? "no" : "more than one") + " place to go",
                        PLACE_FORMS);
                continue;
            }
            String key = places.get(0);
            Kind kind = PLACES.getOrDefault(key, Kind.LOCATION);
            Template value = value(redirect.scalar(key, "a text"), redirect.where(key), false);
            int status = redirect.number("status", 301, 308, 302);
            boolean dropQuery = redirect.flag("drop_query", false);
            if (value != null) {
                Supplier<HttpAction> action = () -> new Redirection(kind, value, status, dropQuery, false, "");
                add(rules, condition(redirect), action, redirect.where("status"), "301, 302, 303, 307 or 308");
            }
        }
        return rules;
    }

    private List<HttpRule> headers(String key, boolean ofResponse) {
        List<HttpRule> rules = new ArrayList<>();
        Section headers = section.section(key);
        if (headers == null) {
            return rules;
        }
        headers.allow(Keys.HEADERS);
        for (Item item : headers.items("remove")) {
            if (item.node() instanceof Scalar name) {
                add(rules, Condition.ALWAYS, () -> HeaderEdit.Delete.named(name.text()), item.where(), FIELD);
            } else {
                problems.error(item.where(), "is " + item.node().kind(), FIELD);
            }
        }
        for (String how : List.of("set", "add")) {
            Section fields = headers.section(how);
            for (Entry field : fields == null ? List.<Entry>of() : fields.entries()) {
                Where where =
                        headers.where(how).child(field.name(), field.value().place());
                if (!(field.value() instanceof Scalar scalar)) {
                    problems.error(where, "is " + field.value().kind(), "a text");
                    continue;
                }
                Template value = value(scalar, where, ofResponse);
                if (value != null) {
                    Supplier<HttpAction> action = () -> how.equals("set")
                            ? new HeaderEdit.Set(field.name(), value)
                            : new HeaderEdit.Add(field.name(), value);
                    add(rules, Condition.ALWAYS, action, where, FIELD);
                }
            }
        }
        return rules;
    }

    private @Nullable Template value(@Nullable Scalar text, Where where, boolean ofResponse) {
        if (text == null) {
            return null;
        }
        try {
            return ofResponse ? ValueText.ofResponse(text.text()) : ValueText.ofRequest(text.text());
        } catch (IllegalArgumentException e) {
            problems.error(where, String.valueOf(e.getMessage()), ValueText.FORMS);
            return null;
        }
    }

    /** Returns the condition under {@code when}; without one it is every request that is meant. */
    private Condition condition(Section rule) {
        Section when = rule.section("when");
        if (when == null) {
            return Condition.ALWAYS;
        }
        when.allow(Keys.WHEN);
        List<Condition> conditions = new ArrayList<>(RoutesReader.conditions(when, problems));
        List<AddressRange> networks = new ArrayList<>();
        for (Item item : when.items("source")) {
            String text = item.node() instanceof Scalar scalar
                    ? scalar.text()
                    : item.node().kind();
            AddressRange range = AddressRange.parse(text);
            if (range == null) {
                problems.error(item.where(), text, "an address or a network such as 10.0.0.0/8");
            } else {
                networks.add(range);
            }
        }
        if (when.has("source")) {
            conditions.add(new ConnectionCondition(End.SOURCE, networks));
        }
        if (conditions.isEmpty()) {
            problems.error(rule.where("when"), "names no request", "host, path_prefix, path, method or source");
        }
        return new Condition.All(conditions);
    }

    private List<Section> sections(String key, Keys keys) {
        List<Section> sections = new ArrayList<>();
        for (Item item : section.items(key)) {
            Section each = Section.of(item.node(), item.where(), problems);
            if (each != null) {
                each.allow(keys);
                sections.add(each);
            }
        }
        return sections;
    }

    /** Adds a rule, unless its action is one that rules cannot take, which is reported. */
    private void add(List<HttpRule> rules, Condition when, Supplier<HttpAction> action, Where where, String expected) {
        try {
            rules.add(new HttpRule(when, action.get()));
        } catch (IllegalArgumentException e) {
            problems.error(where, String.valueOf(e.getMessage()), expected);
        }
    }
}
