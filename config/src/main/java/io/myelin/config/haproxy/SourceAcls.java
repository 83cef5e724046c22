package io.myelin.config.haproxy;

import io.myelin.access.AccessCondition;
import io.myelin.access.AccessCondition.Kind;
import io.myelin.access.AccessCondition.Term;
import io.myelin.access.AddressRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The named conditions on a client's address, {@code acl NAME src RANGE...}, and the conditions of rules that name
 * them. Lines with the same name are alternatives.
 */
public final class SourceAcls {
    private static final String FORMS = "if or unless, names of acls on src, WAIT_END, !, || and { src RANGE... }";
    private static final String RANGES = "addresses such as 10.0.0.1 or 10.0.0.0/8";

    private final Map<String, List<String>> ranges = new HashMap<>();
    private final Set<String> others = new HashSet<>();

    /** Takes note of a line {@code acl NAME CRITERION VALUE...}. */
    public void define(Line line) {
        if (line.word(2).equals("src")) {
            ranges.computeIfAbsent(line.word(1), name -> new ArrayList<>()).addAll(line.from(3));
        } else {
            others.add(line.word(1));
        }
    }

    /**
     * Returns the condition that {@code words} state, {@code if} or {@code unless} included.
     *
     * @param mayWait whether the condition is asked of those who may have to wait
     */
    AccessCondition condition(List<String> words, boolean mayWait) throws MalformedLineException {
        if (words.isEmpty()) {
            return AccessCondition.ALWAYS;
        }
        boolean unless = words.get(0).equals("unless");
        if (!unless && !words.get(0).equals("if")) {
            throw new MalformedLineException("`" + words.get(0) + "` is not a condition", FORMS);
        }
        List<List<Term>> alternatives = new ArrayList<>();
        List<Term> terms = new ArrayList<>();
        boolean negated = false;
        for (int at = 1; at < words.size(); at++) {
            String word = words.get(at);
            while (word.startsWith("!")) {
                negated = !negated;
                word = word.substring(1);
            }
            if (word.equals("||") || word.equals("or")) {
                alternatives.add(terms);
                terms = new ArrayList<>();
            } else if (word.equals("{")) {
                int end = words.subList(at, words.size()).indexOf("}");
                if (end < 0) {
                    throw new MalformedLineException("braces are not closed", FORMS);
                }
                terms.add(anonymous(words.subList(at + 1, at + end), negated));
                at += end;
                negated = false;
            } else if (!word.isEmpty()) {
                terms.add(named(word, negated, mayWait));
                negated = false;
            }
        }
        alternatives.add(terms);
        if (negated || alternatives.stream().anyMatch(List::isEmpty)) {
            throw new MalformedLineException("a condition is missing", FORMS);
        }
        return new AccessCondition(unless ? negation(alternatives) : alternatives);
    }

    /** None of the alternatives holds if one term of each of them does not. */
    private static List<List<Term>> negation(List<List<Term>> alternatives) throws MalformedLineException {
        if (alternatives.size() == 1) {
            return alternatives.get(0).stream()
                    .map(SourceAcls::opposite)
                    .map(List::of)
                    .toList();
        }
        if (alternatives.stream().allMatch(terms -> terms.size() == 1)) {
            return List.of(
                    alternatives.stream().map(terms -> opposite(terms.get(0))).toList());
        }
        throw new MalformedLineException("unless with && and || together is not interpreted", FORMS);
    }

    private static Term opposite(Term term) {
        return new Term(term.kind(), !term.negated(), term.ranges());
    }

    private Term named(String name, boolean negated, boolean mayWait) throws MalformedLineException {
        switch (name) {
            case "TRUE" -> {
                return new Term(Kind.TRUE, negated, List.of());
            }
            case "FALSE" -> {
                return new Term(Kind.TRUE, !negated, List.of());
            }
            case "WAIT_END" -> {
                if (!mayWait) {
                    throw new MalformedLineException("WAIT_END is of tcp-request content only", FORMS);
                }
                return new Term(Kind.DELAY_OVER, negated, List.of());
            }
            default -> {
                List<String> texts = ranges.get(name);
                if (texts == null || others.contains(name)) {
                    String known =
                            others.contains(name) ? " is not about the address of clients alone" : " is not there";
                    throw new MalformedLineException("the acl " + name + known, FORMS);
                }
                return source(texts, negated);
            }
        }
    }

    private static Term anonymous(List<String> words, boolean negated) throws MalformedLineException {
        if (words.isEmpty() || !words.get(0).equals("src")) {
            String criterion = words.isEmpty() ? "an empty criterion" : "the criterion " + words.get(0);
            throw new MalformedLineException(criterion + " is not interpreted", FORMS);
        }
        return source(words.subList(1, words.size()), negated);
    }

    private static Term source(List<String> texts, boolean negated) throws MalformedLineException {
        List<AddressRange> parsed = new ArrayList<>();
        for (String text : texts) {
            if (text.equals("--")) {
                continue;
            }
            AddressRange range = AddressRange.parse(text);
            if (range == null) {
                throw new MalformedLineException("`" + text + "` is not an address or range", RANGES);
            }
            parsed.add(range);
        }
        if (parsed.isEmpty()) {
            throw new MalformedLineException("src without an address", RANGES);
        }
        return new Term(Kind.SOURCE, negated, parsed);
    }
}
