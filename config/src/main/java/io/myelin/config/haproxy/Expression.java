package io.myelin.config.haproxy;

import io.myelin.config.haproxy.Criterion.Use;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.route.Condition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The condition after {@code if} or {@code unless}: names of acls side by side hold together, {@code ||} and {@code or}
 * separate alternatives, {@code !} negates, braces hold a criterion without a name.
 */
@OwnedBy(Owner.BUILDER)
final class Expression {
    private static final String FORMS = "names of acls, !, || and { criteria }";

    private final List<String> words;
    private final Acls acls;
    private final Use kind;
    private int at;
    private boolean interpreted = true;

    private Expression(List<String> words, Acls acls, Use kind) {
        this.words = words;
        this.acls = acls;
        this.kind = kind;
    }

    /**
     * Returns the condition that {@code words} state, {@code if} or {@code unless} included, {@code null} if an acl
     * that is not interpreted is part of it.
     *
     * @param kind which messages the condition is for
     */
    static @Nullable Condition of(List<String> words, Acls acls, Use kind) throws MalformedLineException {
        if (words.isEmpty()) {
            return Condition.ALWAYS;
        }
        String word = words.get(0);
        if (!word.equals("if") && !word.equals("unless")) {
            throw new MalformedLineException("`" + word + "` is not a condition", "if or unless");
        }
        Expression expression = new Expression(words.subList(1, words.size()), acls, kind);
        Condition condition = expression.alternatives();
        if (!expression.interpreted) {
            return null;
        }
        return word.equals("if") ? condition : new Condition.Not(condition);
    }

    private Condition alternatives() throws MalformedLineException {
        List<Condition> alternatives = new ArrayList<>();
        alternatives.add(together());
        while (at < words.size()) {
            at++;
            alternatives.add(together());
        }
        return alternatives.size() == 1 ? alternatives.get(0) : new Condition.Any(alternatives);
    }

    private Condition together() throws MalformedLineException {
        List<Condition> terms = new ArrayList<>();
        while (at < words.size() && !isOr(words.get(at))) {
            terms.add(term(words.get(at++)));
        }
        if (terms.isEmpty()) {
            throw new MalformedLineException("a condition is missing", FORMS);
        }
        return terms.size() == 1 ? terms.get(0) : new Condition.All(terms);
    }

    private Condition term(String word) throws MalformedLineException {
        boolean negated = false;
        String name = word;
        while (name.startsWith("!")) {
            negated = !negated;
            name = name.length() > 1 ? name.substring(1) : next();
        }
        Condition condition = name.equals("{") ? anonymous() : named(name);
        return negated ? new Condition.Not(condition) : condition;
    }

    private Condition named(String name) throws MalformedLineException {
        Condition condition = acls.named(name, kind);
        if (condition == null) {
            interpreted = false;
            return Condition.ALWAYS;
        }
        return condition;
    }

    private String next() throws MalformedLineException {
        if (at == words.size()) {
            throw new MalformedLineException("nothing follows !", FORMS);
        }
        return words.get(at++);
    }

    private Condition anonymous() throws MalformedLineException {
        int end = words.subList(at, words.size()).indexOf("}");
        if (end < 1) {
            throw new MalformedLineException("braces hold no criterion, or are not closed", "{ CRITERION VALUE... }");
        }
        List<String> criterion = words.subList(at, at + end);
        at += end + 1;
        return Acls.fitting(Criterion.of(criterion), kind, criterion.get(0));
    }

    private static boolean isOr(String word) {
        return word.equals("||") || word.equals("or");
    }
}
