package io.myelin.discovery.s3;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Reads objects one after the other on a thread of its own, which ends when there is nothing to read. */
@OwnedBy(Owner.REGISTRY)
public final class S3Reader implements ObjectReader {
    private static final long IDLE_SECONDS = 10;

    private final Supplier<S3Client> clients;
    private final ThreadPoolExecutor worker =
            new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), S3Reader::thread);

    /** Made by the first read, since most processes never read. */
    private @Nullable S3Client client;

    /** Creates a reader that goes by the environment of the process. */
    public S3Reader() {
        this(S3Client::ofProcess);
    }

    S3Reader(Supplier<S3Client> clients) {
        this.clients = clients;
        worker.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletionStage<byte[]> read(String bucket, String key) {
        CompletableFuture<byte[]> content = new CompletableFuture<>();
        try {
            worker.execute(() -> fetch(bucket, key, content));
        } catch (RejectedExecutionException e) {
            content.completeExceptionally(e);
        }
        return content;
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }

    private void fetch(String bucket, String key, CompletableFuture<byte[]> content) {
        try {
            if (client == null) {
                client = clients.get();
            }
            content.complete(client.get(bucket, key));
        } catch (IOException | SdkClientException | IllegalArgumentException e) {
            content.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            content.completeExceptionally(e);
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "s3");
        thread.setDaemon(true);
        return thread;
    }
}
