package io.myelin.health;

import io.myelin.model.Endpoint;
import io.myelin.model.MemberTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where checks get what they are encrypted with, which is what traffic is encrypted with. Safe from any thread. */
@FunctionalInterface
public interface CheckEncryption {
    /** Nothing can be encrypted. */
    CheckEncryption NONE = (tls, loop, callback) -> callback.accept(new Context() {
        @Override
        public String broken() {
            return "nothing to encrypt with";
        }

        @Override
        public @Nullable SslHandler newHandler(ByteBufAllocator allocator, Endpoint endpoint) {
            return null;
        }
    });

    /** What connections can be encrypted with in one way. */
    interface Context {
        /** Returns why it cannot be used, empty if it can. */
        String broken();

        /** Returns what encrypts one more connection, without a limit of time; {@code null} if it has been replaced. */
        @Nullable
        SslHandler newHandler(ByteBufAllocator allocator, Endpoint endpoint);
    }

    /**
     * Finds what {@code tls} asks for.
     *
     * @param loop the current event loop, which runs {@code callback}: at once, or once files have been read
     */
    void find(MemberTls tls, Executor loop, Consumer<Context> callback);
}
