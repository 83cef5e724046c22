package io.myelin.httpd;

import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.TimeoutException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of one connection, one after the other; whatever goes wrong with one harms only that one.
 *
 * <p>What fits into one piece is sent with its length, anything longer in chunks, while it is made.
 */
@OwnedBy(Owner.ADMIN_LOOP)
final class AnswerHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger log = LoggerFactory.getLogger(AnswerHandler.class);

    private final Answers answers;
    private final LongAnswers room;
    private final BooleanSupplier begun;
    private final Clock clock;
    private @Nullable Delivery delivery;
    /** Whether what a request asks for has still to take effect. */
    private boolean awaiting;

    private boolean closing;
    /** Whether the next request is the last one. */
    private boolean ending;

    /** What is needed of a request when it is answered. */
    private record Asked(HttpMethod method, HttpVersion version, String target) {}

    /** @param begun returns whether a request has begun to arrive and was not answered yet */
    AnswerHandler(Answers answers, LongAnswers room, BooleanSupplier begun, Clock clock) {
        this.answers = answers;
        this.room = room;
        this.begun = begun;
        this.clock = clock;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (closing) {
            return;
        }
        boolean wellFormed = request.decoderResult().isSuccess();
        closing = ending || !wellFormed || !HttpUtil.isKeepAlive(request);
        Asked asked = new Asked(request.method(), request.protocolVersion(), request.uri());
        if (!wellFormed) {
            int status = statusOf(request.decoderResult().cause());
            send(ctx, asked, answers.error(status, "malformed request", ""));
            return;
        }
        CompletableFuture<Answer> coming = answer(ctx, request).toCompletableFuture();
        if (coming.isDone()) {
            onAnswer(ctx, asked, coming);
        } else {
            awaiting = true;
            ctx.channel().config().setAutoRead(false);
            coming.whenComplete((answer, failure) -> ctx.executor().execute(() -> {
                awaiting = false;
                onAnswer(ctx, asked, coming);
                takeFurther(ctx);
            }));
        }
    }

    private CompletionStage<Answer> answer(ChannelHandlerContext ctx, FullHttpRequest request) {
        Channel channel = ctx.channel();
        try {
            return answers.answer(request, new Ends(channel.localAddress(), channel.remoteAddress()));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Sends the answer, which is there; a defect is told as such. */
    private void onAnswer(ChannelHandlerContext ctx, Asked asked, CompletableFuture<Answer> answer) {
        try {
            send(ctx, asked, answer.join());
        } catch (RuntimeException e) {
            log.error("An operator's request failed: method={} target={}", asked.method(), asked.target(), e);
            send(ctx, asked, answers.error(500, "internal error, see the log", asked.target()));
        }
    }

    private void takeFurther(ChannelHandlerContext ctx) {
        if (delivery == null && !awaiting) {
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        }
    }

    /** Takes no further request while the client is slow to take the answers, or one is being sent. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (delivery != null) {
            delivery.proceed();
        }
        takeFurther(ctx);
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        endDelivery();
        ctx.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            ctx.close();
        } else if (event == ListenerEvent.CLOSING) {
            endWithWhatIsUnderWay(ctx);
        }
    }

    private void endWithWhatIsUnderWay(ChannelHandlerContext ctx) {
        ending = true;
        if (awaiting || delivery != null) {
            closing = true;
        } else if (!begun.getAsBoolean()) {
            closing = true;
            // Behind what the client has still to take of answers.
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause instanceof TimeoutException || ofHandshake(cause)) {
            log.debug("Operator's connection lost: client={}", ctx.channel().remoteAddress(), cause);
        } else {
            log.error("Operator's connection failed: client={}", ctx.channel().remoteAddress(), cause);
        }
        ctx.close();
    }

    /** What a client says that does not speak TLS, or not as it should, is no defect. */
    private static boolean ofHandshake(Throwable cause) {
        return cause instanceof DecoderException && cause.getCause() instanceof SSLException;
    }

    private void send(ChannelHandlerContext ctx, Asked asked, Answer answer) {
        Piece piece = Piece.next(answer.body(), ctx.alloc());
        if (!piece.more()) {
            sendWhole(ctx, asked, answer, piece.text());
        } else if (asked.method().equals(HttpMethod.HEAD)) {
            piece.text().release();
            sendHead(ctx, asked, answer);
            end(ctx);
        } else if (room.take()) {
            sendHead(ctx, asked, answer);
            ctx.write(new DefaultHttpContent(piece.text()));
            ctx.channel().config().setAutoRead(false);
            delivery = new Delivery(ctx, answer.body(), DefaultHttpContent::new, () -> endLong(ctx));
            delivery.proceed();
        } else {
            piece.text().release();
            String message = "as many long answers as may be sent at once are: " + room.limit()
                    + " (expected: ask again when one is over)";
            Answer refusal = answers.error(503, message, asked.target()).withHeaders(Map.of("Retry-After", "1"));
            sendWhole(
                    ctx, asked, refusal, Piece.next(refusal.body(), ctx.alloc()).text());
        }
    }

    private void sendWhole(ChannelHandlerContext ctx, Asked asked, Answer answer, ByteBuf text) {
        HttpHeaders headers = headers(asked, answer);
        headers.set(HttpHeaderNames.CONTENT_LENGTH, text.readableBytes());
        ByteBuf sent = text;
        if (asked.method().equals(HttpMethod.HEAD)) {
            text.release();
            sent = Unpooled.EMPTY_BUFFER;
        }
        ctx.writeAndFlush(new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(answer.status()),
                        sent,
                        headers,
                        EmptyHttpHeaders.INSTANCE))
                .addListener(closing ? ChannelFutureListener.CLOSE : ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    /** Begins an answer that ends with its last chunk; for a client that knows no chunks, with the connection. */
    private void sendHead(ChannelHandlerContext ctx, Asked asked, Answer answer) {
        boolean chunks = asked.version().isKeepAliveDefault();
        closing |= !chunks;
        HttpHeaders headers = headers(asked, answer);
        if (chunks) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
        }
        ctx.write(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), headers));
    }

    private HttpHeaders headers(Asked asked, Answer answer) {
        HttpHeaders headers = answer.allHeaders(clock.wallMillis());
        HttpUtil.setKeepAlive(headers, asked.version(), !closing);
        return headers;
    }

    private void endLong(ChannelHandlerContext ctx) {
        endDelivery();
        end(ctx);
        takeFurther(ctx);
    }

    private void end(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
                .addListener(closing ? ChannelFutureListener.CLOSE : ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    private void endDelivery() {
        if (delivery != null) {
            delivery = null;
            room.leave();
        }
    }

    private static int statusOf(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return 414;
        }
        return cause instanceof TooLongHttpHeaderException ? 431 : 400;
    }
}
