package io.myelin.launcher.process;

import io.myelin.health.CheckEncryption;
import io.myelin.model.Endpoint;
import io.myelin.model.MemberTls;
import io.myelin.tls.MemberContext;
import io.myelin.tls.MemberContexts;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts checks with what connections to members are encrypted with.
 *
 * @param contexts those of the members
 */
record SharedEncryption(MemberContexts contexts) implements CheckEncryption {
    @Override
    public void find(MemberTls tls, Executor loop, Consumer<CheckEncryption.Context> callback) {
        MemberContext known = contexts.known(tls);
        if (known != null) {
            callback.accept(new OfMember(known));
        } else {
            contexts.resolve(tls, loop, context -> callback.accept(new OfMember(context)));
        }
    }

    private record OfMember(MemberContext context) implements CheckEncryption.Context {
        @Override
        public String broken() {
            return context.broken();
        }

        @Override
        public @Nullable SslHandler newHandler(ByteBufAllocator allocator, Endpoint endpoint) {
            return context.newHandler(allocator, endpoint);
        }
    }
}
