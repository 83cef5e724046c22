package io.myelin.launcher;

import io.myelin.launcher.cli.MyelinCommand;
import java.lang.Thread.UncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The entry point of the process. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Thread.setDefaultUncaughtExceptionHandler(new SurvivingHandler());
        System.exit(MyelinCommand.commandLine().execute(args));
    }

    /** Reports what a thread did not catch; the process goes on. */
    private static final class SurvivingHandler implements UncaughtExceptionHandler {
        private static final Logger log = LoggerFactory.getLogger(Main.class);

        @Override
        public void uncaughtException(Thread thread, Throwable cause) {
            log.error("A thread ended by an uncaught exception: thread={}", thread.getName(), cause);
        }
    }
}
