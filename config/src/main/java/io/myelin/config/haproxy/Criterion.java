package io.myelin.config.haproxy;

import io.myelin.route.Condition;
import io.myelin.route.Condition.Part;
import io.myelin.route.Match;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an {@code acl} asks: which part of a request is compared with which texts, and how. */
final class Criterion {
    private static final Pattern HEADER =
            Pattern.compile("(?:req\\.)?f?hdr(?:_(\\w+))?\\(host\\)", Pattern.CASE_INSENSITIVE);
    private static final Pattern PATH = Pattern.compile("path(?:_(\\w+))?");

    private static final Map<String, Match> MATCHES = Map.of(
            "str", Match.EXACT,
            "beg", Match.BEGINS,
            "end", Match.ENDS,
            "sub", Match.CONTAINS,
            "dom", Match.DOMAIN);

    private Criterion() {}

    /** Returns the condition that {@code words}, criterion, flags and values, state. */
    static Condition of(List<String> words) throws MalformedLineException {
        String name = words.get(0);
        Part part = partOf(name);
        Match match = matchOf(name);
        boolean ignoreCase = false;
        int at = 1;
        for (; at < words.size() && words.get(at).matches("-.+"); at++) {
            String flag = words.get(at);
            if (flag.equals("--")) {
                at++;
                break;
            }
            if (flag.equals("-i")) {
                ignoreCase = true;
            } else if (flag.equals("-m") && at + 1 < words.size() && MATCHES.containsKey(words.get(at + 1))) {
                match = MATCHES.getOrDefault(words.get(++at), match);
            } else {
                throw notInterpreted("the flag " + flag);
            }
        }
        List<String> texts = words.subList(at, words.size());
        if (texts.isEmpty()) {
            throw notInterpreted("a criterion without a value");
        }
        return new Condition.Text(part, match, ignoreCase, texts);
    }

    private static Part partOf(String name) throws MalformedLineException {
        if (HEADER.matcher(name).matches()) {
            return Part.HOST;
        }
        if (PATH.matcher(name).matches()) {
            return Part.PATH;
        }
        if (name.equals("method")) {
            return Part.METHOD;
        }
        throw notInterpreted("the criterion " + name);
    }

    private static Match matchOf(String name) throws MalformedLineException {
        for (Pattern pattern : List.of(HEADER, PATH)) {
            Matcher matcher = pattern.matcher(name);
            if (matcher.matches() && matcher.group(1) != null) {
                Match match = MATCHES.get(matcher.group(1).toLowerCase(Locale.ROOT));
                if (match == null) {
                    throw notInterpreted("the criterion " + name);
                }
                return match;
            }
        }
        return Match.EXACT;
    }

    private static MalformedLineException notInterpreted(String what) {
        return new MalformedLineException(what + " is not interpreted", "hdr(host), path or method");
    }
}
