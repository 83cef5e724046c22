package io.myelin.discovery.multi;

import io.myelin.model.RandomSource;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * How likely each source is to be drawn.
 *
 * @param byName weights of at least 0 with a sum of at least 1, in the order of the object; equal in any order
 */
record Weights(Map<String, Integer> byName) {
    private static final String EXPECTED = " (expected: a map of names of watchers to weights, such as `primary: 90`)";
    private static final int MOST_CHARACTERS = 1024 * 1024;

    Weights {
        byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    }

    /** Returns the weights that {@code object}, which is YAML or JSON, holds. */
    static Weights parse(byte[] object) throws MalformedWeightsException {
        Map<String, Integer> weights = new LinkedHashMap<>();
        long sum = 0;
        for (Map.Entry<?, ?> entry : map(object).entrySet()) {
            if (!(entry.getKey() instanceof String name)
                    || !(entry.getValue() instanceof Integer weight)
                    || weight < 0) {
                throw new MalformedWeightsException(entry.getKey() + ": " + entry.getValue() + EXPECTED);
            }
            weights.put(name, weight);
            sum += weight;
        }
        if (sum < 1 || sum > Integer.MAX_VALUE) {
            throw new MalformedWeightsException("weights: " + sum + " in all (expected: 1.." + Integer.MAX_VALUE + ")");
        }
        return new Weights(weights);
    }

    /** Returns one of the names, by chance. */
    String draw(RandomSource random) {
        int sum = byName.values().stream().mapToInt(Integer::intValue).sum();
        int ticket = random.below(sum);
        for (Map.Entry<String, Integer> entry : byName.entrySet()) {
            ticket -= entry.getValue();
            if (ticket < 0) {
                return entry.getKey();
            }
        }
        throw new IllegalStateException("A number of at least " + sum + " was drawn");
    }

    private static Map<?, ?> map(byte[] object) throws MalformedWeightsException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MOST_CHARACTERS);
        try {
            Object root = new Yaml(new SafeConstructor(options)).load(new String(object, StandardCharsets.UTF_8));
            if (root instanceof Map<?, ?> map) {
                return map;
            }
            throw new MalformedWeightsException("the object is not a map" + EXPECTED);
        } catch (YAMLException e) {
            throw new MalformedWeightsException("the object is not YAML" + EXPECTED, e);
        }
    }
}
