package io.myelin.config.reader;

import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** In whose words probes and replicas are described. Keys are asked for in Myelin's spelling. */
enum Dialect {
    /** Snake case, and durations with a unit. */
    NATIVE {
        @Override
        String key(String name) {
            return name;
        }

        @Override
        void allow(Section section, Keys keys) {
            section.allow(keys);
        }

        @Override
        int count(Section section, String name, int floor, int otherwise) {
            return section.number(name, floor, MOST, otherwise);
        }

        @Override
        Duration time(Section section, String name, Duration otherwise) {
            return section.duration(name, otherwise);
        }

        @Override
        Duration positiveTime(Section section, String name, Duration otherwise) {
            return section.positiveDuration(name, otherwise);
        }
    },
    /** Camel case, whole seconds, and Tye's own messages. */
    TYE {
        @Override
        String key(String name) {
            if (name.equals(ENV_FILE)) {
                return name;
            }
            Matcher matcher = WORD.matcher(name);
            return matcher.replaceAll(word -> word.group(1).toUpperCase(Locale.ROOT));
        }

        @Override
        void allow(Section section, Keys keys) {
            for (Entry entry : section.entries()) {
                if (!keys.known().contains(entry.name())) {
                    unexpected(section, entry, keys);
                }
            }
        }

        @Override
        int count(Section section, String name, int floor, int otherwise) {
            String key = key(name);
            Scalar scalar = section.scalar(key, "an integer");
            if (scalar == null) {
                return otherwise;
            }
            String text = scalar.text().strip();
            if (!text.matches("[-+]?\\d{1,9}")) {
                section.problems()
                        .error(section.where(key), "\"" + key + "\" value must be an integer", "a whole number");
                return otherwise;
            }
            int number = Integer.parseInt(text);
            if (number < floor) {
                String message = floor == 0 ? "\" value cannot be negative" : "\" value must be greater than zero";
                section.problems().error(section.where(key), "\"" + key + message, floor + " or more");
                return otherwise;
            }
            return number;
        }

        @Override
        Duration time(Section section, String name, Duration otherwise) {
            return Duration.ofSeconds(count(section, name, 0, (int) otherwise.toSeconds()));
        }

        @Override
        Duration positiveTime(Section section, String name, Duration otherwise) {
            return Duration.ofSeconds(count(section, name, 1, (int) otherwise.toSeconds()));
        }
    };

    private static final int MOST = 999_999_999;
    /** The only key that Tye spells in snake case. */
    private static final String ENV_FILE = "env_file";

    private static final Pattern WORD = Pattern.compile("_([a-z])");

    /** Returns how the key is spelled. */
    abstract String key(String name);

    /** Reports the keys that are none of {@code keys}, which are spelled as in this dialect. */
    abstract void allow(Section section, Keys keys);

    /** Returns a whole number of at least {@code floor}. */
    abstract int count(Section section, String name, int floor, int otherwise);

    /** Returns a time that may be zero. */
    abstract Duration time(Section section, String name, Duration otherwise);

    /** Returns a time that is more than zero. */
    abstract Duration positiveTime(Section section, String name, Duration otherwise);

    /** Returns keys in this dialect's spelling. */
    Keys spelled(Keys keys) {
        List<String> own = keys.own().stream().map(this::key).toList();
        return Keys.of(own, keys.known().stream().map(this::key).toList());
    }

    /** Returns a port, {@code null} if none is said. */
    @Nullable
    Integer port(Section section, String name) {
        return section.number(key(name), 1, 65_535);
    }

    /** Reports a key that Tye does not have, in Tye's words. */
    static void unexpected(Section section, Entry entry, Keys keys) {
        String nearest = nearest(entry.name(), keys);
        Where where = section.where().child(entry.name(), entry.key().place());
        section.problems()
                .error(
                        where,
                        "Unexpected key \"" + entry.name() + "\" in the tye configuration file"
                                + (nearest == null ? "" : ", did you mean " + nearest + "?"),
                        nearest == null ? "one of " + String.join(", ", keys.own()) : "");
    }

    private static @Nullable String nearest(String written, Keys keys) {
        return keys.known().stream()
                .filter(key -> NearestKey.to(written, List.of(key.toLowerCase(Locale.ROOT))) != null)
                .findFirst()
                .orElse(null);
    }
}
