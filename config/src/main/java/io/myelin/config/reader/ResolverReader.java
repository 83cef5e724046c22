package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.discovery.multi.MultiConfig;
import io.myelin.discovery.multi.ResolverConfig;
import io.myelin.discovery.multi.ResolverConfig.Nobody;
import io.myelin.discovery.multi.ResolverConfig.Sequential;
import io.myelin.discovery.multi.ResolverConfig.Toggle;
import io.myelin.discovery.multi.ResolverConfig.Union;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads which of several sources serve. */
final class ResolverReader {
    static final String METHODS = "union, sequential, s3_toggle, fallback or base";

    private static final Pattern S3_URL = Pattern.compile("s3://([^/\\s]+)/(\\S+)");
    private static final String INTERVAL = "a number of seconds, more than 0 and at most 86400";
    private static final BigDecimal LONGEST = BigDecimal.valueOf(86_400);

    private final Problems problems;

    ResolverReader(Problems problems) {
        this.problems = problems;
    }

    /** Returns {@code null} for what cannot be used, which is reported. */
    @Nullable
    ResolverConfig read(Section resolver, List<String> children) {
        resolver.allow(Keys.RESOLVER);
        String method = resolver.text("method");
        if (method == null) {
            if (!resolver.has("method")) {
                problems.error(resolver.where(), "has no method", METHODS);
            }
            return null;
        }
        return switch (method.toLowerCase(Locale.ROOT)) {
            case "union" -> new Union();
            case "base" -> nobody(resolver);
            case "sequential" -> sequential(resolver, children, null);
            case "fallback" -> sequential(resolver, children, primaryFirst(children));
            case "s3_toggle" -> toggle(resolver, children);
            default -> {
                problems.error(resolver.where("method"), method, METHODS);
                yield null;
            }
        };
    }

    private ResolverConfig nobody(Section resolver) {
        problems.warning(resolver.where("method"), "base: no watcher serves, so the pool stays empty");
        return new Nobody();
    }

    private static List<String> primaryFirst(List<String> children) {
        Set<String> order = new LinkedHashSet<>();
        if (children.contains(MultiConfig.PRIMARY)) {
            order.add(MultiConfig.PRIMARY);
        }
        order.addAll(children);
        return List.copyOf(order);
    }

    /** Returns the order that is written, {@code otherwise} if there is none. */
    private @Nullable ResolverConfig sequential(
            Section resolver, List<String> children, @Nullable List<String> otherwise) {
        if (!resolver.has("sequential_order")) {
            if (otherwise == null) {
                problems.error(resolver.where(), "has no sequential_order", "the names of all watchers, in order");
            }
            return otherwise == null || otherwise.isEmpty() ? null : new Sequential(otherwise);
        }
        List<String> order = resolver.texts("sequential_order");
        String expected = "each of " + String.join(", ", children) + " once";
        List<String> wrong = new ArrayList<>();
        without(order, children).forEach(name -> wrong.add("has unknown watcher " + name));
        without(children, order).forEach(name -> wrong.add("does not contain " + name));
        if (wrong.isEmpty() && order.size() != children.size()) {
            wrong.add("names a watcher twice");
        }
        wrong.forEach(message -> problems.error(resolver.where("sequential_order"), message, expected));
        return wrong.isEmpty() && !order.isEmpty() ? new Sequential(order) : null;
    }

    private static Set<String> without(Collection<String> some, Collection<String> others) {
        Set<String> rest = new LinkedHashSet<>(some);
        rest.removeAll(new HashSet<>(others));
        return rest;
    }

    private @Nullable ResolverConfig toggle(Section resolver, List<String> children) {
        for (String key : List.of("s3_url", "s3_polling_interval_seconds")) {
            if (!resolver.has(key)) {
                problems.error(resolver.where(), "has no " + key, "s3_url and s3_polling_interval_seconds");
            }
        }
        if (!children.isEmpty() && !children.contains(MultiConfig.PRIMARY)) {
            problems.warning(
                    resolver.where("method"),
                    "no watcher is primary: until one is drawn, " + children.get(0) + " serves");
        }
        String url = resolver.text("s3_url", S3_URL.pattern(), "s3://BUCKET/KEY");
        Duration interval = interval(resolver);
        if (url == null || interval == null) {
            return null;
        }
        Matcher matcher = S3_URL.matcher(url);
        return matcher.matches() ? new Toggle(matcher.group(1), matcher.group(2), interval) : null;
    }

    private @Nullable Duration interval(Section resolver) {
        String key = "s3_polling_interval_seconds";
        Scalar scalar = resolver.scalar(key, INTERVAL);
        if (scalar == null) {
            return null;
        }
        String text = scalar.text();
        if (text.matches("\\d{1,9}(\\.\\d{1,9})?")) {
            BigDecimal seconds = new BigDecimal(text);
            if (seconds.signum() > 0 && seconds.compareTo(LONGEST) <= 0) {
                return Duration.ofNanos(seconds.movePointRight(9).longValue());
            }
        }
        problems.error(resolver.where(key), text, INTERVAL);
        return null;
    }
}
