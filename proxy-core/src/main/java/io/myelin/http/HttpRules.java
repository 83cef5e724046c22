package io.myelin.http;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What a listener or a service does to messages besides carrying them.
 *
 * @param requests lists of rules that are run one after the other, each in order
 * @param responses the same for the final responses of members, not for those that the proxy makes itself
 */
public record HttpRules(List<List<HttpRule>> requests, List<List<HttpRule>> responses) {
    public static final HttpRules NONE = new HttpRules(List.of(), List.of());

    public HttpRules {
        requests = withoutEmpty(requests);
        responses = withoutEmpty(responses);
    }

    private static List<List<HttpRule>> withoutEmpty(List<List<HttpRule>> lists) {
        return lists.stream().filter(list -> !list.isEmpty()).map(List::copyOf).toList();
    }

    public boolean isEmpty() {
        return requests.isEmpty() && responses.isEmpty();
    }

    /** Returns these rules, and then those of {@code others}. */
    public HttpRules and(HttpRules others) {
        return new HttpRules(joined(requests, others.requests), joined(responses, others.responses));
    }

    /** Returns these rules with {@code change} applied to each. */
    public HttpRules mapped(UnaryOperator<HttpRule> change) {
        return new HttpRules(mapped(requests, change), mapped(responses, change));
    }

    private static List<List<HttpRule>> mapped(List<List<HttpRule>> lists, UnaryOperator<HttpRule> change) {
        return lists.stream().map(list -> list.stream().map(change).toList()).toList();
    }

    private static List<List<HttpRule>> joined(List<List<HttpRule>> first, List<List<HttpRule>> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /**
     * Returns these rules without those that are the very same objects as some of {@code others}: what a listener and
     * its service have in common is done once.
     */
    HttpRules without(HttpRules others) {
        Set<HttpRule> common = Collections.newSetFromMap(new IdentityHashMap<>());
        others.requests.forEach(common::addAll);
        others.responses.forEach(common::addAll);
        return new HttpRules(without(requests, common), without(responses, common));
    }

    private static List<List<HttpRule>> without(List<List<HttpRule>> lists, Set<HttpRule> common) {
        return lists.stream()
                .map(list ->
                        list.stream().filter(rule -> !common.contains(rule)).toList())
                .toList();
    }
}
