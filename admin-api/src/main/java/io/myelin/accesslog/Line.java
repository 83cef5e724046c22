package io.myelin.accesslog;

import io.myelin.log.AccessConfig;
import io.myelin.log.AccessRecord;
import io.myelin.log.Destination;
import io.myelin.log.Envelope;
import io.myelin.log.LogFormat;
import java.util.List;

/**
 * How the records of a listener become lines.
 *
 * @param layout what a line looks like
 * @param destinations where each goes
 * @param separatesErrors whether what did not go well has a level of its own
 */
record Line(LineLayout layout, List<Destination> destinations, boolean separatesErrors) {
    Line {
        destinations = List.copyOf(destinations);
    }

    static Line of(AccessConfig config, Surroundings surroundings) {
        LogFormat own = config.format();
        LineLayout layout = switch (config.layout()) {
            case TEXT -> new TextLayout();
            case JSON -> new JsonLayout(config);
            case HAPROXY ->
                new HaproxyLayout(
                        own == null ? LogFormat.HTTP : own,
                        own == null ? LogFormat.TCP : own,
                        config.requestHeaders().size(),
                        config.responseHeaders().size(),
                        surroundings);
        };
        return new Line(layout, config.destinations(), config.separatesErrors());
    }

    int level(AccessRecord record) {
        return separatesErrors && !record.normal() ? Envelope.ERROR : Envelope.INFO;
    }
}
