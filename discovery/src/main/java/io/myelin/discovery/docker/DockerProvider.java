package io.myelin.discovery.docker;

import io.myelin.discovery.fetch.EventFeeds.Source;
import io.myelin.discovery.fetch.PolledProvider;
import io.myelin.discovery.polling.Hints;
import io.myelin.discovery.polling.Pace;
import io.myelin.model.RandomSource;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Services in containers. */
public final class DockerProvider extends PolledProvider<DockerConfig> {
    /** Called by the service loader. */
    public DockerProvider() {
        this(Duration.ofSeconds(5), RandomSource.SYSTEM);
    }

    /** Creates a provider that waits so long for a daemon. */
    DockerProvider(Duration timeout, RandomSource random) {
        super("docker", DockerConfig.class, timeout, random);
    }

    @Override
    protected Plan plan(DockerConfig docker, Tools tools) {
        String source = docker.servers().stream()
                .map(server -> server.daemon().toString())
                .collect(Collectors.joining(" ", "docker " + docker.image() + " at ", ""));
        return new Plan(
                source,
                new DockerPoll(docker, tools.fetcher(), tools.trusts(), tools.totals()),
                docker.events() ? hints(docker, tools) : Hints.NONE,
                Pace.eager(docker.checkInterval()));
    }

    private static Hints hints(DockerConfig docker, Tools tools) {
        List<Source> sources = docker.servers().stream()
                .map(server -> new Source(server.daemon(), server.tls(), ContainerEvents.CALL))
                .distinct()
                .toList();
        return tools.feeds().of(sources, new ContainerEvents(ImageName.parse(docker.image())));
    }
}
