package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.Line;
import io.myelin.config.haproxy.StatsSection;
import io.myelin.config.operator.StatsConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code haproxy.extra_sections}: whole sections of HAProxy's configuration by their titles. A {@code backend} is
 * a service, a {@code listen} one with a listener, a {@code frontend} a listener; those that show statistics are for
 * operators.
 */
final class ExtraSections {
    private final Problems problems;
    private final List<ExtraSection> stats = new ArrayList<>();
    private final List<ExtraSection> services = new ArrayList<>();
    private final List<ExtraSection> frontends = new ArrayList<>();

    private ExtraSections(Problems problems) {
        this.problems = problems;
    }

    /**
     * Returns the sections, sorted; what cannot be used is reported.
     *
     * @param taken the names of the services that there are beside them
     */
    static ExtraSections of(@Nullable Section haproxy, List<String> taken, Problems problems) {
        ExtraSections sections = new ExtraSections(problems);
        Section extra = haproxy == null ? null : haproxy.section("extra_sections");
        if (extra == null) {
            return sections;
        }
        Set<String> names = new HashSet<>(taken);
        for (Entry entry : extra.entries()) {
            Where where = extra.whereKey(entry.name());
            Line title = Line.of(entry.name(), where, problems);
            sections.take(new ExtraSection(title, extra.lines(entry.name()), where), names);
        }
        return sections;
    }

    private void take(ExtraSection section, Set<String> names) {
        if (StatsSection.matches(section.title(), section.lines())) {
            stats.add(section);
            return;
        }
        boolean known = Set.of("backend", "listen", "frontend").contains(section.kind());
        if (!known || section.name().isEmpty()) {
            problems.warning(section.where(), "not interpreted: nothing of it listens");
        } else if (section.has("disabled")) {
            problems.warning(section.where(), "is disabled: nothing of it listens, and nothing leads to it");
        } else if (section.kind().equals("frontend") || !serves(section)) {
            frontends.add(section.of("frontend " + section.name()));
        } else if (names.add(section.name())) {
            services.add(section.of(section.name()));
        } else {
            problems.warning(section.where(), "not used: " + section.name() + " is the name of another service");
        }
    }

    /** Returns whether the section is the end of some way, and not the beginning of ways to others alone. */
    private static boolean serves(ExtraSection section) {
        return section.kind().equals("backend") || section.has("server") || !section.has("default_backend");
    }

    /** Returns the names of the sections that are services. */
    List<String> names() {
        return services.stream().map(ExtraSection::name).toList();
    }

    /** Returns the listeners for statistics, whose addresses they claim. */
    List<StatsConfig> stats(Claims claims) {
        List<StatsConfig> listeners = new ArrayList<>();
        for (ExtraSection section : stats) {
            StatsConfig config = StatsSection.read(section.title(), section.lines(), problems);
            if (config != null) {
                listeners.add(config);
                config.addresses().forEach(address -> claims.take(config.name(), address, section.where()));
            }
        }
        return listeners;
    }

    /** Returns the sections that are services. */
    List<ServiceDraft> services(HaproxyTop top, AccessLogReader accessLog, Surroundings surroundings) {
        List<ServiceDraft> drafts = new ArrayList<>();
        for (ExtraSection section : services) {
            Section noKeys = new Section(Mapping.of(section.where().place(), List.of()), section.where(), problems);
            HaproxyService read = HaproxyService.read(section, noKeys, top);
            drafts.add(new ServiceReader(section.name(), noKeys, top, accessLog, surroundings).ofSection(read));
        }
        return drafts;
    }

    /** Returns the sections that are listeners. */
    List<ListenerDraft> frontends(HaproxyTop top, Targets targets, AccessLogReader accessLog) {
        return frontends.stream()
                .map(section -> new SharedFrontendReader(top, targets, accessLog, problems).read(section))
                .toList();
    }
}
