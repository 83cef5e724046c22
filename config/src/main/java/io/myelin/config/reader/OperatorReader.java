package io.myelin.config.reader;

import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.operator.FileOutputConfig;
import io.myelin.config.operator.OperatorConfig;
import io.myelin.config.operator.StateFileConfig;
import io.myelin.config.operator.StatsdConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what operators' tools are given. */
final class OperatorReader {
    private static final int MOST_SECONDS = 999_999_999;

    private final MergedFiles files;
    private final ExtraSections extra;
    private final Claims claims;
    private final Problems problems;

    OperatorReader(MergedFiles files, ExtraSections extra, Claims claims, Problems problems) {
        this.files = files;
        this.extra = extra;
        this.claims = claims;
        this.problems = problems;
    }

    OperatorConfig read() {
        Section haproxy = files.single("haproxy");
        StatsdConfig statsd = statsd(files.single("statsd"));
        StatsdConfig ofNerve = statsd(files.nerve().statsd());
        return new OperatorConfig(
                extra.stats(claims),
                new RuntimeSocketReader(problems).read(haproxy, files.single("admin")),
                stateFile(files.single("state_file"), haproxy),
                fileOutput(files.single("file_output")),
                statsd,
                ofNerve == null ? statsd : ofNerve);
    }

    /** Returns what the native section says, else what Synapse's keys say. */
    private static @Nullable StateFileConfig stateFile(@Nullable Section own, @Nullable Section haproxy) {
        if (own != null) {
            own.allow(Keys.STATE_FILE);
            Path path = path(own, "path", true);
            Duration ttl = own.positiveDuration("ttl", StateFileConfig.DEFAULT_TTL);
            Duration interval = own.positiveDuration("interval", StateFileConfig.DEFAULT_INTERVAL);
            return path == null ? null : new StateFileConfig(path, ttl, interval);
        }
        Path path = haproxy == null ? null : path(haproxy, "state_file_path", false);
        if (haproxy == null || path == null) {
            return null;
        }
        int seconds = haproxy.number("state_file_ttl", 1, MOST_SECONDS, (int) StateFileConfig.DEFAULT_TTL.toSeconds());
        return new StateFileConfig(path, Duration.ofSeconds(seconds));
    }

    private @Nullable FileOutputConfig fileOutput(@Nullable Section section) {
        Set<String> disabled = disabledServices(section);
        if (section == null) {
            return null;
        }
        section.allow(Keys.FILE_OUTPUT);
        Path directory = path(section, "output_directory", true);
        boolean purge = section.flag("purge", true);
        return directory == null ? null : new FileOutputConfig(directory, disabled, purge);
    }

    private Set<String> disabledServices(@Nullable Section top) {
        // Synapse writes no file for sections that it only carries along.
        Set<String> disabled = new HashSet<>(extra.names());
        files.services().forEach((name, service) -> {
            Section output = service.section("file_output");
            if (output != null) {
                output.allow(Keys.SERVICE_FILE_OUTPUT);
                if (output.flag("disabled", false)) {
                    disabled.add(name);
                }
                if (top == null) {
                    problems.warning(
                            service.whereKey("file_output"), "has no effect: there is no top-level file_output");
                }
            }
        });
        return disabled;
    }

    private @Nullable StatsdConfig statsd(@Nullable Section section) {
        if (section == null) {
            return null;
        }
        section.allow(Keys.STATSD);
        String host = section.text("host");
        int port = section.number("port", 1, 65_535, StatsdConfig.DEFAULT_PORT);
        return new StatsdConfig(
                host == null || host.isBlank() ? StatsdConfig.DEFAULT_HOST : host,
                port,
                sampleRates(section.section("sample_rate")));
    }

    private Map<String, Double> sampleRates(@Nullable Section section) {
        Map<String, Double> rates = new HashMap<>();
        if (section != null) {
            for (Entry entry : section.entries()) {
                String text =
                        entry.value() instanceof Scalar scalar ? scalar.text().strip() : "";
                if (text.matches("0*1(\\.0*)?|0+(\\.\\d*)?|\\.\\d+")) {
                    rates.put(entry.name(), Double.valueOf(text));
                } else {
                    problems.error(section.where(entry.name()), text, "a part between 0 and 1");
                }
            }
        }
        return rates;
    }

    /** Returns the path that {@code key} names, {@code null} if there is none. */
    static @Nullable Path path(Section section, String key, boolean required) {
        String text = section.text(key);
        if (text == null || text.isBlank()) {
            if (required) {
                section.problems().error(section.where(), "has no " + key, "a path");
            }
            return null;
        }
        try {
            return Path.of(text).toAbsolutePath();
        } catch (InvalidPathException e) {
            section.problems().error(section.where(key), String.valueOf(e.getMessage()), "a path");
            return null;
        }
    }
}
