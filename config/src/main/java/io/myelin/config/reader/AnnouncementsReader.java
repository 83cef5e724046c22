package io.myelin.config.reader;

import io.myelin.config.AnnounceConfig;
import io.myelin.config.AnnounceSettings;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import io.myelin.discovery.DiscoveryConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads everything that is announced: the services of Nerve's files and the native ones. */
final class AnnouncementsReader {
    private final MergedFiles files;
    private final @Nullable String commanded;
    private final Problems problems;

    /**
     * Creates the reader of all files.
     *
     * @param commanded the instance id that the command line gives, which counts more than the files
     */
    AnnouncementsReader(MergedFiles files, @Nullable String commanded, Problems problems) {
        this.files = files;
        this.commanded = commanded;
        this.problems = problems;
    }

    /**
     * Returns what is announced.
     *
     * @param discoveries where a service's members are found, {@code null} for one that is not known
     */
    AnnounceSettings read(Function<String, @Nullable DiscoveryConfig> discoveries) {
        NerveFiles nerve = files.nerve();
        Section top = files.single("announce");
        AnnounceDefaults defaults = AnnounceDefaults.read(top, commanded);
        Map<String, List<AnnounceConfig>> read = new LinkedHashMap<>();
        nerve.names().forEach(name -> read.put(name, List.of()));
        if (nerve.present()) {
            String id = instanceId(nerve, defaults);
            NerveServiceReader reader = new NerveServiceReader(id, defaults.withAlarmAfter(failures(nerve)));
            nerve.services().forEach((name, service) -> read.put(name, reader.read(name, service)));
        }
        AnnounceReader reader = new AnnounceReader(defaults);
        files.services().forEach((name, service) -> {
            if (service.has("announce")) {
                Section announce = announce(name, service);
                boolean first = read.putIfAbsent(name, List.of()) == null;
                if (announce != null && first) {
                    read.put(name, listOf(reader.read(name, announce, discoveries.apply(name))));
                } else if (announce != null) {
                    problems.error(announce.where(), "is announced by a file of Nerve's as well", "once");
                }
            }
        });
        List<String> broken = read.keySet().stream().filter(this::broke).toList();
        broken.forEach(read::remove);
        List<AnnounceConfig> usable =
                read.values().stream().flatMap(List::stream).toList();
        return new AnnounceSettings(usable, broken, heartbeat(nerve, top));
    }

    private boolean broke(String name) {
        return problems.broke(NerveFiles.subject(name));
    }

    private static List<AnnounceConfig> listOf(@Nullable AnnounceConfig config) {
        return config == null ? List.of() : List.of(config);
    }

    private @Nullable Section announce(String name, Section service) {
        if (!service.has("announce")) {
            return null;
        }
        for (Entry entry : service.entries()) {
            if (entry.name().equals("announce")) {
                Where where = service.whereKey("announce").of(NerveFiles.subject(name));
                return Section.of(entry.value(), where, problems);
            }
        }
        return null;
    }

    private String instanceId(NerveFiles nerve, AnnounceDefaults defaults) {
        Scalar written = nerve.setting("instance_id");
        String id = commanded != null ? commanded : written != null ? written.text() : defaults.instanceId();
        if (id != null && id.matches("[^/\\s]+")) {
            return id;
        }
        Where where = nerve.where();
        if (where != null) {
            problems.error(
                    new Where(written == null ? where.place() : written.place(), "instance_id", ""),
                    id == null ? "is missing" : id,
                    "a name of this host without spaces and /, here or with --instance-id");
        }
        return "unknown";
    }

    private @Nullable Integer failures(NerveFiles nerve) {
        Scalar scalar = nerve.setting("max_repeated_report_failures");
        return scalar == null
                ? null
                : Values.number(
                        scalar, new Where(scalar.place(), "max_repeated_report_failures", ""), 1, 1_000_000, problems);
    }

    private @Nullable Path heartbeat(NerveFiles nerve, @Nullable Section top) {
        Scalar written = nerve.setting("heartbeat_path");
        String text = top != null && top.has("heartbeat_path")
                ? top.text("heartbeat_path")
                : written == null ? null : written.text();
        try {
            return text == null || text.isBlank() ? null : Path.of(text);
        } catch (InvalidPathException e) {
            Where where = written == null ? top == null ? null : top.where("heartbeat_path") : nerve.where();
            if (where != null) {
                problems.error(where, "heartbeat_path: " + text, "the path of a file");
            }
            return null;
        }
    }
}
