package io.myelin.runtime;

import io.myelin.config.operator.SocketConfig.Level;
import io.myelin.httpd.Delivery;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a runtime socket: one line of commands, then the end; or after {@code prompt} any number of lines.
 *
 * <p>Commands run one after the other, each when what the one before it changed has taken effect.
 */
@OwnedBy(Owner.ADMIN_LOOP)
final class SessionHandler extends SimpleChannelInboundHandler<String> {
    private static final Logger log = LoggerFactory.getLogger(SessionHandler.class);
    private static final String PROMPT = "\n> ";

    private final Commands commands;
    private final Supplier<Level> level;
    private final Executor control;
    private final Deque<List<String>> waiting = new ArrayDeque<>();
    private @Nullable Delivery delivery;
    private boolean running;
    private boolean interactive;
    private boolean lineSeen;
    private boolean inputEnded;

    /**
     * Creates the session of one connection.
     *
     * @param level what may be asked now
     * @param control runs tasks on the control thread, in order
     */
    SessionHandler(Commands commands, Supplier<Level> level, Executor control) {
        this.commands = commands;
        this.level = level;
        this.control = control;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, String line) {
        if (lineSeen && !interactive) {
            return;
        }
        lineSeen = true;
        waiting.addAll(CommandLine.commands(line));
        runNext(ctx);
    }

    /** Goes on with a long answer when the client has taken most of what it was sent. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (delivery != null) {
            delivery.proceed();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            ctx.close();
        } else if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (!running && (interactive || !lineSeen)) {
                ctx.close();
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause instanceof TooLongFrameException) {
            log.debug("Runtime connection ended: {}", String.valueOf(cause));
        } else {
            log.error("Runtime connection failed", cause);
        }
        ctx.close();
    }

    private void runNext(ChannelHandlerContext ctx) {
        if (running) {
            return;
        }
        List<String> words = waiting.poll();
        if (words == null) {
            endLine(ctx);
            return;
        }
        String first = words.isEmpty() ? "" : words.get(0);
        if (first.equals("prompt")) {
            interactive = !interactive;
            runNext(ctx);
        } else if (first.equals("quit")) {
            ctx.close();
        } else if (words.isEmpty() && (interactive || !waiting.isEmpty())) {
            runNext(ctx);
        } else {
            run(ctx, words);
        }
    }

    private void run(ChannelHandlerContext ctx, List<String> words) {
        running = true;
        Answer answer = answer(words);
        Runnable tell = () -> ctx.executor().execute(() -> {
            delivery = new Delivery(ctx, answer.text(), piece -> piece, () -> onAnswered(ctx));
            delivery.proceed();
        });
        if (answer.changes()) {
            // A change queues its publication behind what is queued, so that the second task runs after it.
            control.execute(() -> control.execute(tell));
        } else {
            tell.run();
        }
    }

    private void onAnswered(ChannelHandlerContext ctx) {
        delivery = null;
        running = false;
        ctx.write("\n");
        runNext(ctx);
    }

    private Answer answer(List<String> words) {
        try {
            Answer answer = commands.run(words, level.get());
            if (answer.changes()) {
                log.info("Operator changed: command=\"{}\"", String.join(" ", words));
            }
            return answer;
        } catch (RuntimeException e) {
            log.error("Runtime command failed: command=\"{}\"", String.join(" ", words), e);
            return Answer.line("Internal error, see the log.");
        }
    }

    private void endLine(ChannelHandlerContext ctx) {
        if (interactive && !inputEnded) {
            ctx.writeAndFlush(PROMPT);
            return;
        }
        ChannelFuture written = ctx.writeAndFlush("");
        written.addListener(ChannelFutureListener.CLOSE);
    }
}
