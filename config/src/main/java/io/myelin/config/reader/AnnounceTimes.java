package io.myelin.config.reader;

import io.myelin.config.document.Scalar;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How lengths of time are written: natively with a unit, in Nerve's files as a number of seconds. */
enum AnnounceTimes {
    NATIVE {
        @Override
        @Nullable
        Duration read(Section section, String key) {
            Duration duration = section.duration(key);
            if (duration != null && duration.isZero()) {
                section.problems().error(section.where(key), "0", "more than 0");
                return null;
            }
            return duration;
        }
    },
    SECONDS {
        @Override
        @Nullable
        Duration read(Section section, String key) {
            Scalar scalar = section.scalar(key, NUMBER);
            if (scalar == null) {
                return null;
            }
            Double seconds = Decimals.positive(scalar.text());
            if (seconds == null || seconds > LONGEST_SECONDS || seconds < SHORTEST_SECONDS) {
                section.problems().error(section.where(key), scalar.text(), NUMBER);
                return null;
            }
            return Duration.ofNanos(Math.round(seconds * 1e9));
        }
    };

    private static final String NUMBER = "a number of seconds, such as 0.1 or 2";
    private static final double SHORTEST_SECONDS = 0.001;
    private static final double LONGEST_SECONDS = 86_400;

    /** Returns a time that is more than 0, {@code null} if there is none. */
    @Nullable
    abstract Duration read(Section section, String key);

    Duration read(Section section, String key, Duration otherwise) {
        Duration duration = read(section, key);
        return duration == null ? otherwise : duration;
    }
}
