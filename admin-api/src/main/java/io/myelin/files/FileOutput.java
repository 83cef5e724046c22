package io.myelin.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.myelin.balance.Member;
import io.myelin.config.operator.FileOutputConfig;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.SourceStatus;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a file with the endpoints of each service, as Synapse's {@code file_output} does.
 *
 * <p>A file is replaced when it says something else, the order of endpoints aside. A pool whose source was never read
 * and that is empty leaves the file of an earlier process alone.
 */
@OwnedBy(Owner.TOOLS)
public final class FileOutput {
    private static final Logger log = LoggerFactory.getLogger(FileOutput.class);
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String SUFFIX = ".json";

    private final Supplier<List<Pool>> pools;
    private @Nullable FileOutputConfig config;
    private Map<String, Long> written = new HashMap<>();
    private Set<String> wanted = Set.of();
    private String complaint = "";

    public FileOutput(Supplier<List<Pool>> pools) {
        this.pools = pools;
    }

    /** Writes as {@code newConfig} says from now on, or with {@code null} not at all. */
    public void settle(@Nullable FileOutputConfig newConfig) {
        if (newConfig == null || !newConfig.equals(config)) {
            config = newConfig;
            written = new HashMap<>();
            wanted = Set.of();
        }
    }

    /** Writes the files of pools that changed; to be called about every second. */
    public void tick() {
        FileOutputConfig current = config;
        if (current == null) {
            return;
        }
        try {
            List<Pool> writable = pools.get().stream()
                    .filter(pool -> !current.disabled().contains(pool.name()) && hasFileName(pool.name()))
                    .toList();
            Set<String> names = new HashSet<>();
            writable.forEach(pool -> names.add(pool.name()));
            if (!names.equals(wanted)) {
                Files.createDirectories(current.directory());
                purge(current, names);
                wanted = names;
            }
            complain(current.directory(), settle(writable, current.directory()));
        } catch (IOException e) {
            complain(current.directory(), String.valueOf(e));
        }
    }

    /** Writes what can be written and returns why the rest cannot, empty if all is well. */
    private String settle(List<Pool> writable, Path directory) {
        String failure = "";
        for (Pool pool : writable) {
            try {
                settle(pool, directory);
            } catch (IOException e) {
                failure = String.valueOf(e);
            }
        }
        return failure;
    }

    /** A name with a slash would be a file elsewhere. */
    private static boolean hasFileName(String service) {
        return !service.contains("/") && service.indexOf('\0') < 0;
    }

    private void settle(Pool pool, Path directory) throws IOException {
        PoolSnapshot snapshot = pool.snapshot();
        SourceStatus source = pool.sourceStatus();
        boolean unknown = source != null
                && source.state() == SourceStatus.State.STARTING
                && snapshot.members().isEmpty();
        Long version = written.get(pool.name());
        if (unknown || (version != null && version == snapshot.version())) {
            return;
        }
        ArrayNode content = MAPPER.createArrayNode();
        snapshot.members().stream().map(Member::endpoint).map(EndpointJson::of).forEach(content::add);
        byte[] bytes = MAPPER.writeValueAsBytes(content);
        Path file = directory.resolve(pool.name() + SUFFIX);
        if (!says(file, MAPPER.readTree(bytes))) {
            AtomicFile.replace(file, directory.resolve("." + pool.name() + SUFFIX + ".tmp"), bytes);
        }
        written.put(pool.name(), snapshot.version());
    }

    /** Returns whether the file lists the same endpoints; one that cannot be understood says nothing. */
    private static boolean says(Path file, JsonNode content) throws IOException {
        try {
            JsonNode there = MAPPER.readTree(Files.readAllBytes(file));
            return there != null
                    && there.isArray()
                    && there.size() == content.size()
                    && set(there).equals(set(content));
        } catch (NoSuchFileException e) {
            return false;
        } catch (JsonProcessingException e) {
            log.warn("Replacing a file that is not JSON: path={}", file);
            return false;
        }
    }

    private static Set<JsonNode> set(JsonNode list) {
        Set<JsonNode> set = new HashSet<>();
        list.forEach(set::add);
        return set;
    }

    /** Deletes files of services that there are none of any more. */
    private static void purge(FileOutputConfig config, Set<String> names) throws IOException {
        if (!config.purge()) {
            return;
        }
        try (Stream<Path> files = Files.list(config.directory())) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                boolean ours =
                        name.endsWith(SUFFIX) && names.contains(name.substring(0, name.length() - SUFFIX.length()));
                if (name.endsWith(SUFFIX) && !name.startsWith(".") && !ours) {
                    Files.deleteIfExists(file);
                    log.info("File removed that belongs to no service: path={}", file);
                }
            }
        }
    }

    /** Says once what is wrong, not every second. */
    private void complain(Path directory, String reason) {
        boolean news = !reason.equals(complaint);
        complaint = reason;
        if (news && !reason.isEmpty()) {
            log.error("Endpoints could not be written, tried again soon: directory={} error={}", directory, reason);
        }
    }
}
