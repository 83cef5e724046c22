package io.myelin.config.reader;

import io.myelin.config.LoadedConfig;
import io.myelin.config.Problem;
import io.myelin.config.document.Mapping;
import io.myelin.config.document.Problems;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Configuration files as they were read at one moment, to be put together with what registries say as often as that
 * changes.
 */
public final class ParsedFiles {
    private final List<Mapping> documents;
    private final ServiceDirectory directory;
    private final Surroundings surroundings;
    private final List<Problem> problems;
    private final List<String> order;
    private final @Nullable String instanceId;

    ParsedFiles(
            List<Mapping> documents,
            ServiceDirectory directory,
            Surroundings surroundings,
            List<Problem> problems,
            List<String> order,
            @Nullable String instanceId) {
        this.documents = List.copyOf(documents);
        this.directory = directory;
        this.surroundings = surroundings;
        this.problems = List.copyOf(problems);
        this.order = List.copyOf(order);
        this.instanceId = instanceId;
    }

    /** Returns what the files say. */
    public LoadedConfig load() {
        return load(Map.of());
    }

    /**
     * Returns what the files say, and over it what registries keep for services.
     *
     * @param registries JSON or YAML text of a map of sections, by service; about a service that the files do not know
     *     it means nothing
     */
    public LoadedConfig load(Map<String, String> registries) {
        return ConfigReader.assemble(
                documents, directory, surroundings, new Problems(problems), order, registries, instanceId);
    }

    /**
     * Returns whether a text that a registry keeps for a service is meant to be configuration, good or broken, and not
     * plain text that came there for other reasons.
     */
    public static boolean isConfiguration(String text) {
        return RegistryOverlay.isMeantBy(text);
    }

    /** Returns what problems call the text that a registry keeps for {@code service}, in place of a file. */
    public static String registryNameOf(String service) {
        return RegistryOverlay.nameOf(service);
    }
}
