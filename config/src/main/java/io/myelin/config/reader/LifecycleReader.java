package io.myelin.config.reader;

import io.myelin.config.document.Scalar;
import io.myelin.config.document.Sequence;
import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.health.lifecycle.LifecycleConfig.CommandHook;
import io.myelin.health.lifecycle.LifecycleConfig.Demotion;
import io.myelin.health.lifecycle.LifecycleConfig.HttpHook;
import io.myelin.health.lifecycle.LifecycleConfig.RestartHook;
import io.myelin.health.lifecycle.ProbeConfig;
import io.myelin.health.replica.ReplicaBinding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads when an instance of a service is ready, and what happens when it is no more. */
final class LifecycleReader {
    private static final String HOOK_FORMS = "an http or https URL, or a list: a program and its arguments";

    private final Dialect dialect;

    LifecycleReader(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Returns what holds for replicas that are run here and listen behind {@code bindings}. */
    LifecycleConfig ofReplicas(Section service, List<ReplicaBinding> bindings) {
        String hook = dialect.key("restart_hook");
        if (service.has(hook)) {
            service.problems()
                    .warning(service.whereKey(hook), "has no effect: Myelin restarts the replicas that it runs itself");
        }
        return read(service, bindings, null);
    }

    /** Returns what holds for members that run elsewhere, {@code null} if they have no probe. */
    static @Nullable LifecycleConfig ofMembers(Section service) {
        LifecycleReader reader = new LifecycleReader(Dialect.NATIVE);
        RestartHook hook = restartHook(service);
        LifecycleConfig read = reader.read(service, null, hook);
        if (!service.has("liveness") && !service.has("readiness")) {
            for (String key : List.of("demotion", "drain_timeout", "restart_hook")) {
                if (service.has(key)) {
                    service.problems().warning(service.whereKey(key), "has no effect without liveness or readiness");
                }
            }
            return null;
        }
        if (hook != null && read.liveness() == null) {
            service.problems().warning(service.whereKey("restart_hook"), "has no effect without liveness");
        }
        return read;
    }

    private LifecycleConfig read(
            Section service, @Nullable List<ReplicaBinding> bindings, @Nullable RestartHook restartHook) {
        ProbeReader probes = new ProbeReader(dialect, bindings, service.problems());
        ProbeConfig liveness = probes.read(service, "liveness");
        ProbeConfig readiness = probes.read(service, "readiness");
        String demotion = service.text("demotion", "drain|cut", "drain or cut");
        return new LifecycleConfig(
                liveness,
                readiness,
                "cut".equals(demotion) ? Demotion.CUT : Demotion.DRAIN,
                dialect.time(service, "drain_timeout", LifecycleConfig.DEFAULT_DRAIN_LIMIT),
                restartHook);
    }

    private static @Nullable RestartHook restartHook(Section service) {
        String key = "restart_hook";
        if (!service.has(key)) {
            return null;
        }
        if (service.node(key) instanceof Scalar) {
            return url(service, key);
        }
        if (service.node(key) instanceof Sequence) {
            return command(service, key);
        }
        Section hook = service.section(key);
        if (hook == null) {
            return null;
        }
        hook.allow(ReplicaKeys.RESTART_HOOK);
        if (hook.has("url") == hook.has("command")) {
            hook.problems().error(hook.where(), "has to say what is called", "url or command");
            return null;
        }
        return hook.has("url") ? url(hook, "url") : command(hook, "command");
    }

    private static @Nullable RestartHook url(Section section, String key) {
        String url = section.text(key, "https?://[!-~]+", HOOK_FORMS);
        return url == null ? null : new HttpHook(url);
    }

    private static @Nullable RestartHook command(Section section, String key) {
        List<String> words = section.texts(key);
        if (words.isEmpty()) {
            section.problems().error(section.where(key), "names no program", HOOK_FORMS);
            return null;
        }
        return new CommandHook(words);
    }
}
