package io.myelin.discovery.docker;

import io.myelin.discovery.DiscoveryConfig;
import java.time.Duration;
import java.util.List;

/**
 * The containers of one image, on some hosts.
 *
 * @param servers at least one
 * @param image its name, with a tag if only that one counts
 * @param containerPort the port inside the container, which must be published, 1..65535
 * @param checkInterval how often each daemon is asked at least
 * @param events whether daemons are asked to tell of changes
 */
public record DockerConfig(
        List<DockerHost> servers, String image, int containerPort, Duration checkInterval, boolean events)
        implements DiscoveryConfig {
    /** How often Synapse asks. */
    public static final Duration DEFAULT_CHECK_INTERVAL = Duration.ofSeconds(15);

    public DockerConfig {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("servers: empty (expected: at least one host)");
        }
        if (image.isBlank()) {
            throw new IllegalArgumentException("image_name: blank (expected: the name of an image)");
        }
        if (containerPort < 1 || containerPort > 65_535) {
            throw new IllegalArgumentException("container_port: " + containerPort + " (expected: 1..65535)");
        }
    }
}
