package io.myelin.discovery.marathon;

import io.myelin.discovery.fetch.EventFeeds.Source;
import io.myelin.discovery.fetch.HttpCall;
import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.fetch.PolledProvider;
import io.myelin.discovery.polling.Hints;
import io.myelin.discovery.polling.Pace;
import io.myelin.model.RandomSource;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Services that Marathon runs. */
public final class MarathonProvider extends PolledProvider<MarathonConfig> {
    /** Called by the service loader. */
    public MarathonProvider() {
        this(Duration.ofSeconds(5), RandomSource.SYSTEM);
    }

    /** Creates a provider that waits so long for an answer. */
    MarathonProvider(Duration timeout, RandomSource random) {
        super("marathon", MarathonConfig.class, timeout, random);
    }

    @Override
    protected Plan plan(MarathonConfig marathon, Tools tools) {
        String source =
                marathon.apis().stream().map(HttpOrigin::toString).collect(Collectors.joining(" ", "marathon ", ""));
        return new Plan(
                source + marathon.tasksPath(),
                new MarathonPoll(marathon, tools.fetcher(), tools.trusts(), tools.totals()),
                marathon.events() && !marathon.eventsPath().isEmpty() ? hints(marathon, tools) : Hints.NONE,
                Pace.eager(marathon.checkInterval()));
    }

    private static Hints hints(MarathonConfig marathon, Tools tools) {
        HttpCall call = marathon.authorized(HttpCall.get(marathon.eventsPath(), TaskEvents.TYPE));
        List<Source> sources = marathon.apis().stream()
                .map(api -> new Source(api, marathon.tls(), call))
                .distinct()
                .toList();
        return tools.feeds().of(sources, new TaskEvents(marathon.bareName()));
    }
}
