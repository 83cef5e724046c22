package io.myelin.launcher.process;

import io.myelin.admin.BrokenService;
import io.myelin.config.LoadedConfig;
import io.myelin.config.Problem;
import io.myelin.config.Problem.Severity;
import io.myelin.config.ServiceConfig;
import io.myelin.config.reader.ParsedFiles;
import io.myelin.discovery.DiscoveryConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration that registries keep for services, laid over the files as far as it can be used.
 *
 * <p>Any thread may {@link #offer} and read the counts; one thread does the rest.
 */
final class RegistryConfig {
    /*
     * What a registry says is taken if, with it, no file and no service is broken that works without it: a port that
     * belongs to another service is its fault, not that service's. All that is new is tried together; if that does
     * harm, each half by itself, down to the one that does. A service whose new configuration does harm keeps the one
     * that was taken last, and what was refused is tried again whenever something changes.
     */
    private static final Logger log = LoggerFactory.getLogger(RegistryConfig.class);

    private final ConcurrentMap<String, String> offered = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, String> ignored = new ConcurrentHashMap<>();
    private final AtomicBoolean news = new AtomicBoolean();
    private final LongAdder taken = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile Runnable onNews = () -> {};
    private volatile ParsedFiles files;
    private volatile LoadedConfig alone;
    private volatile LoadedConfig current;
    private volatile Map<String, String> inForce = Map.of();
    private volatile Map<String, Refusal> refusals = Map.of();

    /** A text that cannot be used, and why. */
    private record Refusal(String text, List<String> problems) {}

    /** What came of trying some texts: those that can be used, and the configuration that they make. */
    private record Trial(Map<String, String> texts, LoadedConfig loaded) {}

    /** Begins with {@code files}, which say {@code alone}, and with registries that have said nothing. */
    RegistryConfig(ParsedFiles files, LoadedConfig alone) {
        this.files = files;
        this.alone = alone;
        this.current = alone;
    }

    /** Has {@code listener} run, on any thread, when there is something that {@link #takeNews} has not seen. */
    void onNews(Runnable listener) {
        onNews = listener;
    }

    /**
     * Takes note of what a registry keeps for {@code service}. An empty text is nothing; one that is not meant to be
     * configuration changes nothing. Any thread.
     */
    void offer(String service, String text) {
        if (!text.isBlank() && !ParsedFiles.isConfiguration(text)) {
            ignore(service, text);
            return;
        }
        ignored.remove(service);
        String before = text.isBlank() ? offered.remove(service) : offered.put(service, text);
        boolean same = text.isBlank() ? before == null : text.equals(before);
        if (!same && news.compareAndSet(false, true)) {
            onNews.run();
        }
    }

    private void ignore(String service, String text) {
        if (!text.equals(ignored.put(service, text))) {
            log.info(
                    "Ignored what a registry keeps for a service, as it is no configuration: service={} length={}",
                    service,
                    text.length());
        }
    }

    /** Returns what the files say with what registries said before this process began, as {@code texts} by service. */
    LoadedConfig recall(Map<String, String> texts) {
        Set<String> names = names();
        texts.forEach((service, text) -> {
            if (names.contains(service)) {
                offered.put(service, text);
            }
        });
        return texts.isEmpty() ? current : takeNews();
    }

    /** Returns the texts of registries that are used, by service. Any thread. */
    Map<String, String> inForce() {
        return inForce;
    }

    /** Returns what {@code next} say with what registries say over it; if they cannot be used at all, they alone. */
    LoadedConfig reload(ParsedFiles next) {
        LoadedConfig nextAlone = next.load();
        if (nextAlone.unusable()) {
            return nextAlone;
        }
        files = next;
        alone = nextAlone;
        offered.keySet().retainAll(names());
        ignored.keySet().retainAll(names());
        Map<String, Refusal> refusedNow = new TreeMap<>();
        Map<String, String> keep = new HashMap<>(inForce);
        keep.keySet().retainAll(offered.keySet());
        Trial kept = extend(new Trial(Map.of(), alone), keep, refusedNow);
        return settle(kept, refusedNow);
    }

    /** Returns what the files as they were read last say with what registries say now over it. */
    LoadedConfig takeNews() {
        Map<String, Refusal> refusedNow = new TreeMap<>();
        Map<String, String> keep = new HashMap<>(inForce);
        keep.keySet().retainAll(offered.keySet());
        Trial kept = new Trial(keep, keep.equals(inForce) ? current : files.load(keep));
        return settle(kept, refusedNow);
    }

    /** Returns the services that a registry switched off, and where they are found, so that it can switch them on. */
    Map<String, DiscoveryConfig> switchedOff(LoadedConfig applied) {
        Set<String> running = new HashSet<>(applied.brokenServices());
        applied.config().services().forEach(service -> running.add(service.name()));
        Map<String, DiscoveryConfig> off = new TreeMap<>();
        for (ServiceConfig service : alone.config().services()) {
            if (!running.contains(service.name())) {
                off.put(service.name(), service.discovery());
            }
        }
        return off;
    }

    /** Returns the services whose registry keeps a configuration that cannot be used. */
    List<BrokenService> broken() {
        List<BrokenService> broken = new ArrayList<>();
        refusals.forEach((service, refusal) -> broken.add(new BrokenService(service, refusal.problems)));
        return broken;
    }

    /** Returns what became of everything that registries said, by metric name. Any thread. */
    Map<String, Long> counts() {
        return Map.of("registry_configs_taken_total", taken.sum(), "registry_configs_refused_total", refused.sum());
    }

    /** Tries what is new on top of {@code kept} and remembers what came of it. */
    private LoadedConfig settle(Trial kept, Map<String, Refusal> refusedNow) {
        news.set(false);
        Map<String, String> fresh = new HashMap<>(offered);
        fresh.keySet().retainAll(names());
        fresh.entrySet().removeAll(kept.texts.entrySet());
        Trial settled = extend(kept, fresh, refusedNow);
        report(settled, refusedNow);
        inForce = settled.texts;
        current = settled.loaded;
        refusals = refusedNow;
        return settled.loaded;
    }

    /** Returns {@code base} with those of {@code fresh} that do no harm. */
    private Trial extend(Trial base, Map<String, String> fresh, Map<String, Refusal> refusedNow) {
        if (fresh.isEmpty()) {
            return base;
        }
        Map<String, String> texts = new HashMap<>(base.texts);
        texts.putAll(fresh);
        LoadedConfig loaded = files.load(texts);
        List<String> harm = harm(base.loaded, loaded, fresh.keySet());
        if (harm.isEmpty()) {
            return new Trial(texts, loaded);
        }
        List<String> services = fresh.keySet().stream().sorted().toList();
        if (services.size() == 1) {
            String service = services.get(0);
            refusedNow.put(service, new Refusal(fresh.getOrDefault(service, ""), harm));
            return base;
        }
        Map<String, String> second = new HashMap<>(fresh);
        Map<String, String> first = new HashMap<>(fresh);
        first.keySet().retainAll(services.subList(0, services.size() / 2));
        second.keySet().removeAll(first.keySet());
        return extend(extend(base, first, refusedNow), second, refusedNow);
    }

    /** Returns the errors that {@code loaded} has because of the texts of {@code services}. */
    private static List<String> harm(LoadedConfig before, LoadedConfig loaded, Set<String> services) {
        Set<String> known = new HashSet<>(before.brokenServices());
        Set<String> names = new HashSet<>();
        services.forEach(service -> names.add(ParsedFiles.registryNameOf(service)));
        return loaded.problems().stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .filter(problem -> names.contains(problem.file()) || !known.contains(problem.service()))
                .filter(problem -> !before.problems().contains(problem))
                .map(Problem::toString)
                .toList();
    }

    private Set<String> names() {
        Set<String> names = new HashSet<>(alone.brokenServices());
        alone.config().services().forEach(service -> names.add(service.name()));
        return names;
    }

    /** Says what is new, once. */
    private void report(Trial settled, Map<String, Refusal> refusedNow) {
        settled.texts.forEach((service, text) -> {
            if (!text.equals(inForce.get(service))) {
                taken.increment();
                log.info("Configuration from the registry taken: service={}", service);
                warningsOf(service, settled.loaded).forEach(warning -> log.warn("Configuration problem: {}", warning));
            }
        });
        inForce.keySet().stream()
                .filter(service -> !settled.texts.containsKey(service))
                .forEach(service -> log.info("No configuration from the registry any more: service={}", service));
        refusedNow.forEach((service, refusal) -> {
            if (!refusal.equals(refusals.get(service))) {
                refused.increment();
                log.warn(
                        "Configuration from the registry refused, what was used goes on: service={} problems={}",
                        service,
                        refusal.problems);
            }
        });
    }

    private static List<Problem> warningsOf(String service, LoadedConfig loaded) {
        String name = ParsedFiles.registryNameOf(service);
        return loaded.problems().stream()
                .filter(problem -> problem.file().equals(name))
                .toList();
    }
}
