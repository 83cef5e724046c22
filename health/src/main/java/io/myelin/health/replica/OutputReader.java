package io.myelin.health.replica;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what one replica writes, on a thread of its own, until nobody can write any more. */
final class OutputReader {
    private static final Logger log = LoggerFactory.getLogger(OutputReader.class);
    private static final int READ_BYTES = 8 * 1024;

    private OutputReader() {}

    /** Begins to hand the lines of {@code output} to {@code lines}. */
    static void start(String replica, InputStream output, Consumer<String> lines) {
        Thread thread = new Thread(() -> read(replica, output, lines), "output of " + replica);
        thread.setDaemon(true);
        thread.start();
    }

    private static void read(String replica, InputStream output, Consumer<String> lines) {
        LineSplitter splitter = new LineSplitter(lines);
        byte[] bytes = new byte[READ_BYTES];
        try (output) {
            for (int count = output.read(bytes); count >= 0; count = output.read(bytes)) {
                splitter.feed(bytes, count);
            }
        } catch (IOException e) {
            log.debug("Output ended: replica={}", replica, e);
        }
        splitter.finish();
    }
}
