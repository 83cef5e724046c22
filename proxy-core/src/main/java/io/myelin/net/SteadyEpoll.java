package io.myelin.net;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/**
 * Netty's epoll, except that a socket which waits for nothing at the moment stays in the set.
 *
 * @param epoll does the work
 */
record SteadyEpoll(IoHandler epoll) implements IoHandler {
    /*
     * Netty takes a socket without any interest out of the epoll set and does not notice that it has to be put back:
     * the next interest fails, and with it the write that waits for it. That is what a half-closed connection comes to
     * (its input has ended, its output is not blocked) whose peer then reads slowly. Instead of none, such a socket gets
     * the interest in nothing but being told once, which also keeps a hang-up from waking the loop over and over.
     */
    private static final EpollIoOps NOTHING = EpollIoOps.EPOLLET;

    static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return executor -> new SteadyEpoll(factory.newHandler(executor));
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
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
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Registration(epoll.register(handle));
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return epoll.isCompatible(type);
    }

    /** One socket's place in the set, which it takes with its first interest. */
    private static final class Registration implements IoRegistration {
        private final IoRegistration socket;
        private volatile boolean inSet;

        Registration(IoRegistration socket) {
            this.socket = socket;
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // as the interface has it
        public <T> T attachment() {
            return socket.attachment();
        }

        @Override
        public long submit(IoOps interest) {
            if (!EpollIoOps.NONE.equals(interest)) {
                inSet = true;
                return socket.submit(interest);
            }
            return inSet ? socket.submit(NOTHING) : socket.submit(interest);
        }

        @Override
        public boolean isValid() {
            return socket.isValid();
        }

        @Override
        public boolean cancel() {
            return socket.cancel();
        }
    }
}
