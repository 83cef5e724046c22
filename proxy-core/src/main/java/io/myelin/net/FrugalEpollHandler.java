package io.myelin.net;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.channel.Channel;
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
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Netty's epoll handler, except that the kernel is told as little as possible of what channels wait for.
 *
 * <p>What a channel begins to wait for is passed on before the loop sleeps, once, however often it changed until then.
 * What it ceases to wait for is not passed on before the kernel reports it. A new channel that waits for input is read
 * at once, since most clients have sent something by the time they are accepted; one that had is passed on to the
 * kernel a moment later, since many of those are answered and closed by then.
 *
 * <p>This also keeps channels that wait for nothing in the epoll set. Netty 4.2.18 takes them out without noting it,
 * and fails when they wait for something again; that is every half-closed connection whose peer reads slowly.
 *
 * <p>And it keeps events from the wrong channel, which would take the end of another's input for its own. The kernel
 * tells of a socket by its number, and Netty looks up who has that number now. A channel that is closed in the round in
 * which its event came may already have a successor. And while a child process is being started, it holds copies of all
 * our sockets: those that we close meanwhile live on, and would stay in the epoll set if they were not taken out of it.
 */
@OwnedBy(Owner.EVENT_LOOP)
final class FrugalEpollHandler implements IoHandler {
    private static final Logger log = LoggerFactory.getLogger(FrugalEpollHandler.class);

    /** Nothing to wait for, but an edge: the kernel tells of an error or hang-up once instead of in every round. */
    private static final EpollIoOps NOTHING = EpollIoOps.EPOLLET;

    /** What the kernel reports whether it was asked for or not: errors and hang-ups. */
    private static final int UNASKED = EpollIoOps.EPOLLERR.value() | 0x10;

    private static final EpollIoEvent INPUT = () -> EpollIoOps.EPOLLIN;

    /** How long a new channel whose first bytes were read may be unknown to the kernel, in nanoseconds. */
    private static final long PATIENCE_NANOS = 200_000;

    private final IoHandler epoll;
    private final List<Registration> changed = new ArrayList<>();
    private final HurriedContext hurried = new HurriedContext();
    /** The new channels whose first bytes were just read, the oldest first. */
    private final Deque<Registration> served = new ArrayDeque<>();

    /** What the loop sleeps by. */
    private final Ticker ticker;

    private FrugalEpollHandler(IoHandler epoll, Ticker ticker) {
        this.epoll = epoll;
        this.ticker = ticker;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor executor) {
                Ticker ticker = executor instanceof EventExecutor loop ? loop.ticker() : Ticker.systemTicker();
                return new FrugalEpollHandler(factory.newHandler(executor), ticker);
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
        tellOfThePatient();
        return epoll.run(served.isEmpty() ? context : hurried.of(context));
    }

    /** Passes on what the channels wait for that have been unknown to the kernel for long enough. */
    private void tellOfThePatient() {
        if (served.isEmpty()) {
            return;
        }
        long nowNanos = ticker.nanoTime();
        for (Registration oldest = served.peek();
                oldest != null && oldest.patientUntilNanos - nowNanos <= 0;
                oldest = served.peek()) {
            served.remove();
            oldest.tellWhatIsMissing();
        }
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
        private boolean leaving;
        private long patientUntilNanos;

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
            boolean justServed = false;
            if (known == NEVER && inner().isValid() && wanted.contains(EpollIoOps.EPOLLIN)) {
                channel.handle(this, INPUT);
                justServed = readSomething();
            }
            if (justServed) {
                patientUntilNanos = ticker.nanoTime() + PATIENCE_NANOS;
                served.add(this);
            } else {
                tellWhatIsMissing();
            }
        }

        /** Passes on, unless it is gone, what the channel waits for. */
        void tellWhatIsMissing() {
            queued = false;
            if (inner().isValid() && missing()) {
                tell();
            }
        }

        /** Returns whether the latest read brought any bytes. */
        private boolean readSomething() {
            return channel instanceof Channel.Unsafe socket
                    && socket.recvBufAllocHandle().lastBytesRead() > 0;
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

        /**
         * Passes on what the channel waits for; of the rest, the kernel is now told not to report it. Of a channel that
         * the kernel does not know of it can report nothing: that befell the one that had the number before.
         */
        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            if (known == NEVER) {
                return;
            }
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

        /** Takes the channel off this loop, which happens only when it is closed. */
        @Override
        public boolean cancel() {
            leaving = true;
            return inner().cancel();
        }

        /** Returns the socket; as one that is closed if it is about to be, and was never put into the epoll set. */
        @Override
        public FileDescriptor fd() {
            FileDescriptor socket = channel.fd();
            return leaving && known == NEVER ? new ClosingDescriptor(socket.intValue()) : socket;
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

    /** A socket that needs no call to be taken out of the epoll set. */
    private static final class ClosingDescriptor extends FileDescriptor {
        ClosingDescriptor(int number) {
            super(number);
        }

        @Override
        public boolean isOpen() {
            return false;
        }
    }

    /** The loop's context, but with no more time to sleep than the oldest of the served channels is patient. */
    @OwnedBy(Owner.EVENT_LOOP)
    private final class HurriedContext implements IoHandlerContext {
        private @Nullable IoHandlerContext loop;
        private long rounds;

        IoHandlerContext of(IoHandlerContext context) {
            loop = context;
            return this;
        }

        private IoHandlerContext loop() {
            return Objects.requireNonNull(loop);
        }

        @Override
        public boolean canBlock() {
            return loop().canBlock();
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            long patienceNanos = served.element().patientUntilNanos - (currentTimeNanos - ticker.initialNanoTime());
            return Math.max(0, Math.min(patienceNanos, loop().delayNanos(currentTimeNanos)));
        }

        /** Returns another moment than in any round before: Netty sets no new timer for a moment that it knows. */
        @Override
        public long deadlineNanos() {
            return ++rounds;
        }
    }
}
