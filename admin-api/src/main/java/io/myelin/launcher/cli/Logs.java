package io.myelin.launcher.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** How much a command logs. */
final class Logs {
    /** Also read by logback.xml. */
    private static final String LEVEL_VARIABLE = "MYELIN_LOG_LEVEL";

    private Logs() {}

    /** Leaves the screen to what the command prints, unless the environment asks for a level. */
    static void onlyWarnings() {
        if (System.getenv(LEVEL_VARIABLE) == null
                && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger("io.myelin").setLevel(Level.WARN);
        }
    }
}
