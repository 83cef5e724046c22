package io.myelin.accesslog;

import io.myelin.log.Destination;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The outputs that are open. One that cannot be opened, or loses lines, is tried again and harms no other. */
@OwnedBy(Owner.ACCESS_LOG)
final class Outputs {
    private static final Logger log = LoggerFactory.getLogger(Outputs.class);
    private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();

    private final Clock clock;
    private final Map<Target, Place> places = new HashMap<>();

    /** What is opened once, whatever stands around the lines. */
    private record Target(Destination.Kind kind, String path, int port) {}

    /** One target, and how it does. */
    @OwnedBy(Owner.ACCESS_LOG)
    private static final class Place {
        private final Destination destination;
        private @Nullable Output output;
        private boolean tried;
        private boolean troubled;
        private long triedNanos;

        Place(Destination destination) {
            this.destination = destination;
        }
    }

    Outputs(Clock clock) {
        this.clock = clock;
    }

    /** Opens {@code destination}, so that an error shows before the first line. */
    void prepare(Destination destination) {
        output(place(destination));
    }

    /** Returns whether the line was taken. */
    boolean write(Destination destination, String line) {
        Place place = place(destination);
        Output output = output(place);
        if (output == null) {
            return false;
        }
        try {
            output.write(line);
            return true;
        } catch (IOException e) {
            trouble(place, e);
            return false;
        }
    }

    /** Lets everything leave; returns how many lines turned out to be lost. */
    long flush() {
        long lost = 0;
        for (Place place : places.values()) {
            Output output = place.output;
            long ofThis = output == null ? 0 : output.flush();
            if (ofThis > 0) {
                trouble(place, new IOException("writing failed"));
            }
            lost += ofThis;
        }
        return lost;
    }

    /** Closes what is not wanted any more, and files, which are opened anew at their next line. */
    void settle(Set<Destination> wanted) {
        places.values().removeIf(place -> {
            boolean kept = place.destination.kind() != Destination.Kind.FILE
                    && wanted.stream().anyMatch(one -> target(one).equals(target(place.destination)));
            if (!kept) {
                close(place);
            }
            return !kept;
        });
    }

    void closeAll() {
        places.values().forEach(Outputs::close);
        places.clear();
    }

    private Place place(Destination destination) {
        return places.computeIfAbsent(target(destination), any -> new Place(destination));
    }

    private static Target target(Destination destination) {
        return new Target(destination.kind(), destination.path(), destination.port());
    }

    private @Nullable Output output(Place place) {
        Output open = place.output;
        long now = clock.nanoTime();
        if (open != null || (place.tried && now - place.triedNanos < RETRY_NANOS)) {
            return open;
        }
        place.tried = true;
        place.triedNanos = now;
        try {
            Output opened = open(place.destination);
            place.output = opened;
            return opened;
        } catch (IOException e) {
            trouble(place, e);
            return null;
        }
    }

    private static Output open(Destination destination) throws IOException {
        return switch (destination.kind()) {
            case STDOUT, STDERR, FILE -> new LogbackOutput(destination);
            case UDP -> new DatagramOutput(destination.path(), destination.port());
            case SOCKET -> new DomainOutput(destination.path());
        };
    }

    /** Says it once for each place; the counter says how often. */
    private static void trouble(Place place, IOException cause) {
        if (!place.troubled) {
            place.troubled = true;
            String reason = cause.getMessage();
            log.warn(
                    "Access log loses lines: to={} cause={}",
                    place.destination,
                    reason == null ? cause.toString() : reason);
        }
    }

    private static void close(Place place) {
        Output open = place.output;
        if (open != null) {
            open.flush();
            open.close();
        }
    }
}
