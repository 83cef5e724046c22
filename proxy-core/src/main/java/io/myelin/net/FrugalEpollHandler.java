package io.myelin.net;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Netty's epoll handler, except that the kernel is told as little as possible of what channels wait for.
 *
 * <p>What a channel begins to wait for is passed on before the loop sleeps, once, however often it changed until then.
 * What it ceases to wait for is not passed on before the kernel reports it. And a new channel that waits for input is
 * read at once, since most clients have sent something by the time they are accepted.
 *
 * <p>This also keeps channels that wait for nothing in the epoll set. Netty 4.2.18 takes them out without noting it,
 * and fails when they wait for something again; that is every half-closed connection whose peer reads slowly.
 */
@OwnedBy(Owner.EVENT_LOOP)
final class FrugalEpollHandler implements IoHandler {
    private static final Logger log = LoggerFactory.getLogger(FrugalEpollHandler.class);

    /** Nothing to wait for, but an edge: the kernel tells of an error or hang-up once instead of in every round. */
    private static final EpollIoOps NOTHING = EpollIoOps.EPOLLET;

    /** What the kernel reports whether it was asked for or not: errors and hang-ups. */
    private static final int UNASKED = EpollIoOps.EPOLLERR.value() | 0x10;

    private static final EpollIoEvent INPUT = () -> EpollIoOps.EPOLLIN;

    private final IoHandler epoll;
    private final List<Registration> changed = new ArrayList<>();

    private FrugalEpollHandler(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor executor) {
                return new FrugalEpollHandler(factory.newHandler(executor));
            }

            @Override
            public boolean isChangingThreadSupported() {
                return factory.isChangingThreadSupported();
            }
        };
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        Registration registration = new Registration((EpollIoHandle) handle);
        registration.inner = epoll.register(registration);
        return registration;
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        // A new channel may be read here, which changes more of them.
        for (int i = 0; i < changed.size(); i++) {
            changed.get(i).apply();
        }
        changed.clear();
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }

    /** One channel's place in the epoll set. Stands between the channel and Netty's registration in both directions. */
    @OwnedBy(Owner.EVENT_LOOP)
    private final class Registration implements IoRegistration, EpollIoHandle {
        private static final int NEVER = -1;

        private final EpollIoHandle channel;
        private @Nullable IoRegistration inner;
        private EpollIoOps wanted = EpollIoOps.NONE;
        private int known = NEVER;
        private boolean queued;

        Registration(EpollIoHandle channel) {
            this.channel = channel;
        }

        private IoRegistration inner() {
            IoRegistration registered = inner;
            if (registered == null) {
                throw new IllegalStateException("used before it was registered");
            }
            return registered;
        }

        @Override
        public long submit(IoOps ops) {
            if (!inner().isValid()) {
                return -1;
            }
            wanted = (EpollIoOps) ops;
            if (!queued && missing()) {
                queued = true;
                changed.add(this);
            }
            return wanted.value();
        }

        /** Returns whether the channel waits for something that the kernel does not know of. */
        private boolean missing() {
            return known == NEVER || (wanted.value() & ~known) != 0;
        }

        void apply() {
            queued = false;
            if (!inner().isValid()) {
                return;
            }
            if (known == NEVER && wanted.contains(EpollIoOps.EPOLLIN)) {
                channel.handle(this, INPUT);
            }
            if (inner().isValid() && missing()) {
                tell();
            }
        }

        private void tell() {
            try {
                EpollIoOps ops = wanted.value() == 0 ? NOTHING : wanted;
                inner().submit(ops);
                known = wanted.value();
            } catch (RuntimeException e) {
                log.warn("Waiting for a connection failed, closing it: cause={}", e.toString());
                close();
            }
        }

        /** Passes on what the channel waits for; of the rest, the kernel is now told not to report it. */
        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            EpollIoEvent reported = (EpollIoEvent) event;
            int ops = reported.ops().value();
            int heeded = ops & (wanted.value() | UNASKED);
            if (heeded == ops) {
                channel.handle(this, reported);
                return;
            }
            tell();
            if (heeded != 0) {
                EpollIoOps rest = EpollIoOps.valueOf(heeded);
                channel.handle(this, (EpollIoEvent) () -> rest);
            }
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // the signature is Netty's
        public <T> T attachment() {
            return inner().attachment();
        }

        @Override
        public boolean isValid() {
            return inner().isValid();
        }

        @Override
        public boolean cancel() {
            return inner().cancel();
        }

        @Override
        public FileDescriptor fd() {
            return channel.fd();
        }

        @Override
        public void registered() {
            channel.registered();
        }

        @Override
        public void unregistered() {
            channel.unregistered();
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (Exception e) {
                log.debug("Closing failed", e);
            }
        }
    }
}
