package io.myelin.config.reader;

import io.myelin.balance.BalanceConfig;
import io.myelin.balance.BalanceConfig.Policy;
import io.myelin.balance.HashConfig;
import io.myelin.balance.HashConfig.KeySource;
import io.myelin.balance.HashConfig.Layout;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.Line;
import io.myelin.model.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads how a service chooses a member: a native {@code balance}, a name or a map, or what its lines say. */
final class BalanceReader {
    private static final String NAMES = "roundrobin, static_rr, leastconn, random, first, source, peak_ewma";
    private static final String FORMS = NAMES + ", or a map with policy: hash";
    private static final String POLICIES = NAMES + " or hash";
    private static final String KEY_SOURCES = "source, path, uri, header or query";
    private static final String FACTORS = "0 or 100..65535";
    private static final String NEEDS_REQUESTS = "goes by requests, and the service speaks TCP";

    private final Section service;
    private final Problems problems;

    BalanceReader(Section service) {
        this.service = service;
        this.problems = service.problems();
    }

    /**
     * Returns what the key says, or {@code otherwise} without it.
     *
     * @param line the service's own line that says {@code otherwise}, {@code null} if none does
     */
    BalanceConfig read(BalanceConfig otherwise, Protocol protocol, @Nullable Line line) {
        BalanceConfig balance = service.has("balance") ? ofKey(otherwise) : otherwise;
        HashConfig key = balance.key();
        if (protocol == Protocol.HTTP || key == null || key.key() == KeySource.SOURCE) {
            return balance;
        }
        if (service.has("balance")) {
            problems.error(service.where("balance"), NEEDS_REQUESTS, "key: source");
        } else if (line != null) {
            problems.error(line.where(), "`" + line.text() + "`: " + NEEDS_REQUESTS, "source");
        } else {
            problems.warning(
                    service.whereKey("haproxy"), "the default balance " + NEEDS_REQUESTS + ": roundrobin is used");
        }
        return BalanceConfig.ROUND_ROBIN;
    }

    private BalanceConfig ofKey(BalanceConfig otherwise) {
        if (service.node("balance") instanceof Scalar scalar) {
            Policy policy = scalar.text().equals("hash") ? null : policy(scalar.text());
            if (policy == null) {
                problems.error(service.where("balance"), scalar.text(), FORMS);
                return otherwise;
            }
            return new BalanceConfig(policy, BalanceConfig.ROUND_ROBIN.draws());
        }
        Section balance = service.section("balance");
        return balance == null ? otherwise : ofMap(balance, otherwise);
    }

    private BalanceConfig ofMap(Section balance, BalanceConfig otherwise) {
        balance.allow(Keys.BALANCE);
        int draws = balance.number("draws", 1, 100, BalanceConfig.ROUND_ROBIN.draws());
        int factor = factor(balance);
        Layout layout = layout(balance);
        String name = balance.text("policy");
        if (name == null) {
            problems.error(balance.where(), "has no policy", POLICIES);
            return otherwise;
        }
        Policy policy = policy(name);
        if (policy == null) {
            problems.error(balance.where("policy"), name, POLICIES);
            return otherwise;
        }
        if (policy != Policy.RANDOM) {
            refuse(balance, List.of("draws"), name, "policy: random");
        }
        if (policy != Policy.HASH) {
            refuse(balance, List.of("key", "name", "layout", "balance_factor"), name, "policy: hash");
            return new BalanceConfig(policy, draws);
        }
        if (name.equals("source")) {
            refuse(balance, List.of("key", "name"), name, "policy: hash");
            return BalanceConfig.byHash(new HashConfig(KeySource.SOURCE, "", layout, factor));
        }
        return byKey(balance, layout, factor, otherwise);
    }

    private BalanceConfig byKey(Section balance, Layout layout, int factor, BalanceConfig otherwise) {
        String text = balance.text("key", "source|path|uri|header|query", KEY_SOURCES);
        String name = balance.text("name", "[!-~]+", "a name without spaces");
        if (text == null) {
            reportMissing(balance, "key", KEY_SOURCES);
            return otherwise;
        }
        KeySource key = keySource(text);
        if (!key.named()) {
            if (balance.has("name")) {
                problems.error(balance.where("name"), "is set beside key: " + text, "key: header or query");
            }
            return BalanceConfig.byHash(new HashConfig(key, "", layout, factor));
        }
        if (name == null) {
            reportMissing(balance, "name", key == KeySource.HEADER ? "that of a header" : "that of a parameter");
            return otherwise;
        }
        return BalanceConfig.byHash(new HashConfig(key, name, layout, factor));
    }

    private void reportMissing(Section balance, String key, String expected) {
        if (!balance.has(key)) {
            problems.error(balance.where(), "has no " + key, expected);
        }
    }

    private void refuse(Section balance, List<String> keys, String policy, String expected) {
        for (String key : keys) {
            if (balance.has(key)) {
                problems.error(balance.whereKey(key), "is set beside policy: " + policy, expected);
            }
        }
    }

    private int factor(Section balance) {
        String text = balance.text("balance_factor", "\\d{1,5}", FACTORS);
        int factor = text == null ? 0 : Integer.parseInt(text);
        if (factor != 0 && (factor < 100 || factor > 65_535)) {
            Where where = balance.where("balance_factor");
            problems.error(where, String.valueOf(factor), FACTORS);
            return 0;
        }
        return factor;
    }

    private static Layout layout(Section balance) {
        String name = balance.text("layout", "map|consistent|maglev", "map, consistent or maglev");
        if (name == null) {
            return HashConfig.DEFAULT.layout();
        }
        return switch (name) {
            case "consistent" -> Layout.CONSISTENT;
            case "maglev" -> Layout.MAGLEV;
            default -> Layout.MAP_BASED;
        };
    }

    private static KeySource keySource(String name) {
        return switch (name) {
            case "path" -> KeySource.PATH;
            case "uri" -> KeySource.PATH_AND_QUERY;
            case "header" -> KeySource.HEADER;
            case "query" -> KeySource.QUERY_PARAMETER;
            default -> KeySource.SOURCE;
        };
    }

    private static @Nullable Policy policy(String name) {
        return switch (name) {
            case "roundrobin" -> Policy.ROUND_ROBIN;
            case "static_rr" -> Policy.STATIC_ROUND_ROBIN;
            case "leastconn" -> Policy.LEAST_REQUEST;
            case "random" -> Policy.RANDOM;
            case "first" -> Policy.FIRST;
            case "peak_ewma" -> Policy.PEAK_EWMA;
            case "source", "hash" -> Policy.HASH;
            default -> null;
        };
    }
}
