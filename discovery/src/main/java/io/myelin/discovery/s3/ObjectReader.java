package io.myelin.discovery.s3;

import java.util.concurrent.CompletionStage;

/** Reads small objects. Safe from any thread; calls return at once. */
public interface ObjectReader extends AutoCloseable {
    /**
     * Completes with the content of the object {@code key} in {@code bucket}, or with an exception whose message says
     * why it cannot be had.
     */
    CompletionStage<byte[]> read(String bucket, String key);

    /** Ends what reading needs; returns at once. */
    @Override
    void close();
}
