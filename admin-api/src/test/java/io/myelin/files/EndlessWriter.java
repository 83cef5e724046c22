package io.myelin.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;

/** Replaces a state file over and over until it is killed. */
final class EndlessWriter {
    private static final int SERVERS = 2_000;

    private EndlessWriter() {}

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        Path beside = Path.of(arguments[0] + ".tmp");
        byte[] content = content().getBytes(UTF_8);
        while (true) {
            AtomicFile.replace(file, beside, content);
        }
    }

    private static String content() {
        StringBuilder text = new StringBuilder("{\"web\":{");
        for (int i = 0; i < SERVERS; i++) {
            text.append(i == 0 ? "" : ",").append("\"10.0.0.1:").append(i + 1);
            text.append("\":{\"timestamp\":1700000000,\"host\":\"10.0.0.1\",\"port\":")
                    .append(i + 1)
                    .append('}');
        }
        return text.append("}}").toString();
    }

    /** Returns whether {@code pool} is all of what is written. */
    static boolean complete(RememberedPool pool) {
        return pool.endpoints().size() == SERVERS;
    }
}
