package io.myelin.config.haproxy;

import io.myelin.balance.BalanceConfig;
import io.myelin.balance.BalanceConfig.Policy;
import io.myelin.balance.HashConfig;
import io.myelin.balance.HashConfig.KeySource;
import io.myelin.balance.HashConfig.Layout;
import io.myelin.config.document.Problems;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@code balance}, {@code hash-type} and {@code hash-balance-factor} lines come to, in any order. */
@OwnedBy(Owner.BUILDER)
final class BalanceLines {
    private static final String POLICIES =
            "roundrobin, static-rr, leastconn, random, first, source, uri, url_param NAME or hdr(NAME)";
    private static final String FACTORS = "0 or 100..65535";
    private static final Pattern RANDOM = Pattern.compile("random(?:\\((\\d+)\\))?");
    private static final Pattern HEADER = Pattern.compile("hdr(?:\\((.*)\\))?");

    private BalanceConfig policy = BalanceConfig.ROUND_ROBIN;
    private Layout layout = HashConfig.DEFAULT.layout();
    private int factor = HashConfig.DEFAULT.balanceFactor();

    /** The line that sets the policy, {@code null} if it is inherited. */
    private @Nullable Line line;

    BalanceLines() {}

    BalanceLines(BalanceLines inherited) {
        policy = inherited.policy;
        layout = inherited.layout;
        factor = inherited.factor;
    }

    /** Returns what the lines come to. */
    BalanceConfig config() {
        HashConfig key = policy.key();
        return key == null ? policy : BalanceConfig.byHash(new HashConfig(key.key(), key.name(), layout, factor));
    }

    @Nullable
    Line line() {
        return line;
    }

    /** Takes over a line {@code balance POLICY [ARGUMENTS]}. */
    void balance(Line balance, Problems problems) throws MalformedLineException {
        policy = policy(balance, problems);
        line = balance;
    }

    /** Takes over a line {@code hash-type METHOD [FUNCTION [MODIFIER]]}. */
    void hashType(Line type, Problems problems) throws MalformedLineException {
        layout = switch (type.word(1)) {
            case "map-based" -> Layout.MAP_BASED;
            case "consistent" -> Layout.CONSISTENT;
            default ->
                throw new MalformedLineException(
                        type.word(1).isEmpty() ? "no method" : "`" + type.word(1) + "` is not a method",
                        "map-based or consistent");
        };
        ignore(type.from(2), "keys may belong to other members than in HAProxy", type, problems);
    }

    /** Takes over a line {@code hash-balance-factor PERCENT}. */
    void hashBalanceFactor(Line percent) throws MalformedLineException {
        String word = percent.word(1);
        if (!word.matches("\\d{1,5}")) {
            throw new MalformedLineException(
                    word.isEmpty() ? "a number is missing" : "`" + word + "` is not a factor", FACTORS);
        }
        int number = Integer.parseInt(word);
        if (number != 0 && (number < 100 || number > 65_535)) {
            throw new MalformedLineException("`" + word + "` is out of range", FACTORS);
        }
        factor = number;
    }

    private static BalanceConfig policy(Line line, Problems problems) throws MalformedLineException {
        String name = line.word(1);
        Matcher random = RANDOM.matcher(name);
        if (random.matches()) {
            String draws = random.group(1);
            ignore(line.from(2), "it has no effect", line, problems);
            return new BalanceConfig(Policy.RANDOM, draws == null ? 2 : Quantity.number(draws, 1, 100));
        }
        Matcher header = HEADER.matcher(name);
        if (header.matches()) {
            ignore(line.from(2), "the whole value is the key", line, problems);
            return named(KeySource.HEADER, header.group(1), "hdr(NAME)");
        }
        return switch (name) {
            case "uri" -> uri(line, problems);
            case "url_param" -> {
                ignore(line.from(3), "the key is looked for in the query alone", line, problems);
                yield named(KeySource.QUERY_PARAMETER, line.word(2), "url_param NAME");
            }
            case "" -> throw new MalformedLineException("no policy", POLICIES);
            default -> simple(name, line, problems);
        };
    }

    private static BalanceConfig simple(String name, Line line, Problems problems) {
        Policy policy = switch (name) {
            case "roundrobin" -> Policy.ROUND_ROBIN;
            case "static-rr" -> Policy.STATIC_ROUND_ROBIN;
            case "leastconn" -> Policy.LEAST_REQUEST;
            case "first" -> Policy.FIRST;
            case "source" -> Policy.HASH;
            default -> null;
        };
        if (policy == null) {
            line.warning(problems, name + " is not interpreted: roundrobin is used");
            return BalanceConfig.ROUND_ROBIN;
        }
        ignore(line.from(2), "it has no effect", line, problems);
        return new BalanceConfig(policy, BalanceConfig.ROUND_ROBIN.draws());
    }

    private static BalanceConfig uri(Line line, Problems problems) {
        List<String> arguments = line.from(2);
        List<String> others = arguments.stream()
                .filter(word -> !word.equals("whole") && !word.equals("path-only"))
                .toList();
        ignore(others, "the key is never cut short", line, problems);
        return byKey(arguments.contains("whole") ? KeySource.PATH_AND_QUERY : KeySource.PATH, "");
    }

    private static BalanceConfig named(KeySource key, @Nullable String name, String expected)
            throws MalformedLineException {
        if (name == null || name.isBlank()) {
            throw new MalformedLineException("a name is missing", expected);
        }
        return byKey(key, name.strip());
    }

    private static BalanceConfig byKey(KeySource key, String name) {
        return BalanceConfig.byHash(new HashConfig(key, name, Layout.MAP_BASED, 0));
    }

    private static void ignore(List<String> words, String consequence, Line line, Problems problems) {
        if (!words.isEmpty()) {
            line.warning(problems, String.join(" ", words) + " is not interpreted: " + consequence);
        }
    }
}
