package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.EndpointOptions;
import io.myelin.pool.Track;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the services whose members others follow, and refuses what leads nowhere or round in a circle. */
final class Tracks {
    private final Map<String, ServiceDraft> services = new LinkedHashMap<>();
    private final Targets targets;
    private final Problems problems;

    /** @param drafts all services that could be read */
    Tracks(List<ServiceDraft> drafts, Targets targets, Problems problems) {
        this.targets = targets;
        this.problems = problems;
        drafts.forEach(draft -> services.put(draft.name(), named(draft)));
    }

    /** Returns the services, their members following those that were named. */
    List<ServiceDraft> resolved() {
        List<ServiceDraft> resolved = new ArrayList<>(services.values());
        resolved.forEach(this::inspect);
        return resolved;
    }

    /** Returns {@code draft} with the name of the service in place of what the files call it. */
    private ServiceDraft named(ServiceDraft draft) {
        TrackDraft track = draft.track();
        if (track == null) {
            return draft;
        }
        Track written = track.track();
        String name = written.pool().isEmpty()
                ? draft.name()
                : targets.resolve(written.pool(), track.where(), track.context());
        return name == null ? draft : draft.withPool(pool -> pool.track(written.in(name)));
    }

    private void inspect(ServiceDraft draft) {
        TrackDraft track = draft.track();
        Track resolved = draft.pool().track();
        if (track != null && resolved != null) {
            inspect(draft, resolved, track.where(), track.context());
        }
        for (Endpoint endpoint : draft.pool().membership().defaults()) {
            String own = EndpointOptions.parse(endpoint.options()).track();
            if (own != null) {
                inspect(draft, endpoint, Track.parse(own));
            }
        }
    }

    /** All members of {@code draft} follow others. */
    private void inspect(ServiceDraft draft, Track track, Where where, String context) {
        Set<String> chain = new LinkedHashSet<>();
        ServiceDraft at = draft;
        Track next = track;
        while (at != null && next != null) {
            if (!chain.add(at.name())) {
                problems.error(
                        where, context + "members follow each other: " + String.join(" -> ", chain), "no circle");
                return;
            }
            at = services.get(next.pool());
            next = at == null ? null : at.pool().track();
        }
        if (at != null && at.check() == null) {
            problems.warning(where, context + at.name() + " is not checked: members count as up");
        }
    }

    /** One member of {@code draft} follows another. */
    private void inspect(ServiceDraft draft, Endpoint follower, Track track) {
        String context = "`track " + track + "` of " + follower.id() + ": ";
        Set<String> chain = new LinkedHashSet<>();
        ServiceDraft at = draft;
        Endpoint member = follower;
        Track next = track;
        while (next != null) {
            if (!chain.add(at.name() + "/" + member.id())) {
                problems.error(
                        draft.where(),
                        context + "members follow each other: " + String.join(" -> ", chain),
                        "no circle");
                return;
            }
            String name = next.pool().isEmpty() ? at.name() : targets.resolve(next.pool(), draft.where(), context);
            ServiceDraft leading = name == null ? null : services.get(name);
            if (leading == null) {
                return;
            }
            EndpointId wanted = next.of(member);
            Endpoint leader = leading.pool().membership().defaults().stream()
                    .filter(endpoint -> endpoint.id().equals(wanted))
                    .findFirst()
                    .orElse(null);
            if (leader == null) {
                if (leading.discovery() instanceof DiscoveryConfig.Fixed) {
                    problems.error(
                            draft.where(),
                            context + "there is no member " + wanted + " in " + leading.name(),
                            "one of " + names(leading));
                }
                return;
            }
            at = leading;
            member = leader;
            next = trackOf(leading, leader);
        }
        if (at.check() == null || EndpointOptions.parse(member.options()).unchecked()) {
            problems.warning(
                    draft.where(), context + member.id() + " is not checked: " + follower.id() + " counts as up");
        }
    }

    private static @Nullable Track trackOf(ServiceDraft draft, Endpoint member) {
        String own = EndpointOptions.parse(member.options()).track();
        return own == null ? draft.pool().track() : Track.parse(own);
    }

    private static String names(ServiceDraft draft) {
        Function<Endpoint, String> name = endpoint -> endpoint.id().value();
        return String.join(
                ", ", draft.pool().membership().defaults().stream().map(name).toList());
    }
}
