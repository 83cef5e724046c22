package io.myelin.synse;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Several stages at once. */
final class Together {
    private Together() {}

    /** Returns the results of {@code stages} in their order, once all are there; fails with any that fails. */
    static <T> CompletionStage<List<T>> all(List<CompletableFuture<T>> stages) {
        return CompletableFuture.allOf(stages.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> stages.stream().map(CompletableFuture::join).toList());
    }

    /** Returns what to tell of {@code failure}. */
    static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
