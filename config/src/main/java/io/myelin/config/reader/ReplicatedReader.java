package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.health.replica.Launch;
import io.myelin.health.replica.ReplicaBinding;
import io.myelin.health.replica.ReplicatedConfig;
import io.myelin.health.replica.RestartPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Reads a service of which it is known how its replicas are started. */
final class ReplicatedReader {
    /** More than this on one host is a mistake. */
    private static final int MOST_REPLICAS = 1_000;

    private final Dialect dialect;
    private final Surroundings surroundings;
    private final Problems problems;

    ReplicatedReader(Dialect dialect, Surroundings surroundings, Problems problems) {
        this.dialect = dialect;
        this.surroundings = surroundings;
        this.problems = problems;
    }

    /** Reads the service; relative files begin at {@code folder}. */
    Replicated read(String name, Section section, Launch launch, Path folder, List<BindingDraft> bindings) {
        List<ReplicaBinding> bound =
                bindings.stream().map(BindingDraft::binding).toList();
        LifecycleConfig lifecycle = new LifecycleReader(dialect).ofReplicas(section, bound);
        ReplicatedConfig config = new ReplicatedConfig(
                name,
                launch,
                replicas(section),
                bound,
                new VariablesReader(dialect, surroundings, problems).read(section, folder),
                lifecycle,
                restarts(section),
                dialect.positiveTime(section, "stop_timeout", ReplicatedConfig.DEFAULT_STOP_LIMIT));
        return new Replicated(config, bindings, section.where());
    }

    private int replicas(Section section) {
        int replicas = dialect.count(section, "replicas", 0, 1);
        if (replicas > MOST_REPLICAS) {
            problems.error(section.where("replicas"), String.valueOf(replicas), "0.." + MOST_REPLICAS);
            return 1;
        }
        return replicas;
    }

    private RestartPolicy restarts(Section section) {
        Section restart = section.section("restart");
        if (restart == null) {
            return RestartPolicy.DEFAULT;
        }
        dialect.allow(restart, dialect.spelled(ReplicaKeys.RESTART));
        Duration first = dialect.positiveTime(restart, "first_wait", RestartPolicy.DEFAULT.firstWait());
        Duration longest = dialect.positiveTime(restart, "longest_wait", RestartPolicy.DEFAULT.longestWait());
        if (longest.compareTo(first) < 0) {
            if (restart.has(dialect.key("longest_wait"))) {
                problems.error(
                        restart.where(dialect.key("longest_wait")),
                        "is shorter than " + dialect.key("first_wait"),
                        "at least as long");
            }
            longest = first;
        }
        String most = dialect.key("max_restarts");
        return new RestartPolicy(
                first,
                longest,
                dialect.time(restart, "stable_after", RestartPolicy.DEFAULT.stableAfter()),
                restart.has(most) ? Integer.valueOf(dialect.count(restart, "max_restarts", 0, 0)) : null);
    }
}
