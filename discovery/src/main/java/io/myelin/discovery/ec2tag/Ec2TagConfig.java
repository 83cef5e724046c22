package io.myelin.discovery.ec2tag;

import io.myelin.discovery.DiscoveryConfig;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The running instances that have all of some tags.
 *
 * @param tags at least one; of a tag with several values any will do
 * @param port where the instances serve, since tags do not say, 1..65535
 * @param region such as {@code eu-west-1}; {@code null} for what the environment, the profile, or the instance says
 * @param keys {@code null} for what the SDK's chain of providers finds
 * @param checkInterval how often the API is asked
 */
public record Ec2TagConfig(
        SortedMap<String, List<String>> tags,
        int port,
        @Nullable String region,
        @Nullable Keys keys,
        Duration checkInterval)
        implements DiscoveryConfig {
    /** How often Synapse asks. */
    public static final Duration DEFAULT_CHECK_INTERVAL = Duration.ofSeconds(15);

    /** An access key; its secret is in no text. */
    public record Keys(String accessKeyId, String secretAccessKey) {
        @Override
        public String toString() {
            return accessKeyId;
        }
    }

    public Ec2TagConfig {
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
        if (tags.isEmpty()) {
            throw new IllegalArgumentException("tags: none (expected: at least one tag)");
        }
        for (Map.Entry<String, List<String>> tag : tags.entrySet()) {
            if (tag.getKey().isBlank() || tag.getValue().isEmpty()) {
                throw new IllegalArgumentException("tags: " + tag + " (expected: a name and at least one value)");
            }
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("backend_port_override: " + port + " (expected: 1..65535)");
        }
    }

    /** Returns the tags for people, such as {@code Name=web}. */
    String tagText() {
        StringBuilder text = new StringBuilder();
        tags.forEach((name, values) ->
                text.append(text.isEmpty() ? "" : " ").append(name).append('=').append(String.join("|", values)));
        return text.toString();
    }
}
