package io.myelin.launcher.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.myelin.config.SynseConfig.Logging;
import java.util.List;
import org.slf4j.LoggerFactory;

/** How much is logged of plugins and of Synse's API. */
final class SynseLogging {
    /** Also read by logback.xml; counts over everything. */
    private static final String LEVEL_VARIABLE = "MYELIN_LOG_LEVEL";

    private static final List<String> LOGGERS =
            List.of("io.myelin.synse", "io.myelin.health.plugin", "io.myelin.discovery.kubernetes");

    private SynseLogging() {}

    static void set(Logging logging) {
        if (System.getenv(LEVEL_VARIABLE) == null
                && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            LOGGERS.forEach(name -> context.getLogger(name).setLevel(level(logging)));
        }
    }

    private static Level level(Logging logging) {
        return switch (logging) {
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARNING -> Level.WARN;
            case ERROR, CRITICAL -> Level.ERROR;
        };
    }
}
