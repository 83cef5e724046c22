package io.myelin.accesslog;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.status.StatusListener;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import io.myelin.log.Destination;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/** A standard stream or a file, behind a logger below {@value #LOGGER}. */
@OwnedBy(Owner.ACCESS_LOG)
final class LogbackOutput implements Output {
    /** The logger of all access logs, to which a logback configuration may attach more. */
    static final String LOGGER = "myelin.access";

    private static final int CHECK_SIZE_MILLIS = 100;

    private final Logger logger;
    private final OutputStreamAppender<ILoggingEvent> appender;
    private final AtomicLong errors = new AtomicLong();
    private final StatusListener listener = this::onStatus;

    /**
     * Opens a stream or file.
     *
     * @throws IOException if the file cannot be opened
     */
    LogbackOutput(Destination destination) throws IOException {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            throw new IOException("logback is not there");
        }
        appender = appender(destination, context);
        appender.setName(destination.toString());
        appender.setContext(context);
        appender.setEncoder(encoder(context));
        appender.setImmediateFlush(false);
        context.getStatusManager().add(listener);
        appender.start();
        if (!appender.isStarted()) {
            context.getStatusManager().remove(listener);
            throw new IOException("cannot be written (expected: a file in a directory that this user may write to)");
        }
        context.getLogger(LOGGER).setAdditive(false);
        logger = context.getLogger(LOGGER + "." + destination.toString().replace('.', '_'));
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
    }

    private static OutputStreamAppender<ILoggingEvent> appender(Destination destination, LoggerContext context) {
        return switch (destination.kind()) {
            case STDOUT, STDERR, UDP, SOCKET -> console(destination);
            case FILE -> destination.rollBytes() == 0 ? file(destination) : rolling(destination, context);
        };
    }

    private static OutputStreamAppender<ILoggingEvent> console(Destination destination) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setTarget(destination.kind() == Destination.Kind.STDERR ? "System.err" : "System.out");
        return console;
    }

    private static OutputStreamAppender<ILoggingEvent> file(Destination destination) {
        FileAppender<ILoggingEvent> file = new FileAppender<>();
        file.setFile(destination.path());
        return file;
    }

    private static OutputStreamAppender<ILoggingEvent> rolling(Destination destination, LoggerContext context) {
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setFile(destination.path());
        FixedWindowRollingPolicy window = new FixedWindowRollingPolicy();
        window.setContext(context);
        window.setParent(file);
        window.setFileNamePattern(destination.path().replace("%", "\\%") + ".%i");
        window.setMinIndex(1);
        window.setMaxIndex(destination.keptFiles());
        window.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(new FileSize(destination.rollBytes()));
        size.setCheckIncrement(Duration.buildByMilliseconds(CHECK_SIZE_MILLIS));
        size.start();
        file.setRollingPolicy(window);
        file.setTriggeringPolicy(size);
        return file;
    }

    private static PatternLayoutEncoder encoder(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.US_ASCII);
        encoder.setPattern("%msg%n");
        encoder.start();
        return encoder;
    }

    /** Logback swallows what goes wrong while writing; this is where it says so. */
    private void onStatus(Status status) {
        boolean ours = status.getOrigin() == appender || status.getOrigin() == appender.getOutputStream();
        if (ours && status.getLevel() == Status.ERROR) {
            errors.incrementAndGet();
        }
    }

    @Override
    public void write(String line) {
        logger.info(line);
    }

    @Override
    public long flush() {
        OutputStream stream = appender.getOutputStream();
        if (stream != null) {
            try {
                stream.flush();
            } catch (IOException e) {
                errors.incrementAndGet();
            }
        }
        return errors.getAndSet(0);
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        appender.stop();
        logger.getLoggerContext().getStatusManager().remove(listener);
    }
}
