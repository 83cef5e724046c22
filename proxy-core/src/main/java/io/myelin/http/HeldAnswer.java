package io.myelin.http;

import io.myelin.failure.Failure;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What a client that is held will be told in the end. Reused from one exchange to the next. */
@OwnedBy(Owner.EVENT_LOOP)
final class HeldAnswer {
    private Failure failure = Failure.TARPITTED;
    private int status;
    private long delayNanos;
    private @Nullable ByteBuf redirection;

    /** Forgets the client before. */
    void begin() {
        status = 0;
        delayNanos = 0;
    }

    /** Returns whether a client is held. */
    boolean pending() {
        return status != 0;
    }

    /** Holds back that the request is refused, for {@code newDelayNanos} once its turn has come. */
    void refuse(Failure newFailure, int newStatus, long newDelayNanos) {
        failure = newFailure;
        status = newStatus;
        delayNanos = newDelayNanos;
    }

    /** Holds back a whole answer, which it takes over. */
    void redirect(ByteBuf answer, int newStatus) {
        redirection = answer;
        status = newStatus;
    }

    /** Returns how long the client is still to be held, for once. */
    long takeDelayNanos() {
        long delay = delayNanos;
        delayNanos = 0;
        return delay;
    }

    Failure failure() {
        return failure;
    }

    int status() {
        return status;
    }

    /** Hands over the answer, {@code null} if the request is refused. */
    @Nullable
    ByteBuf takeRedirection() {
        ByteBuf answer = redirection;
        redirection = null;
        return answer;
    }

    /** Releases what will not be told. */
    void release() {
        ByteBuf answer = takeRedirection();
        if (answer != null) {
            answer.release();
        }
    }
}
