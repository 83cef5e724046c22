package io.myelin.synse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.myelin.admin.JsonBody.Step;
import io.myelin.httpd.Body;
import io.myelin.httpd.Chain;
import io.myelin.httpd.ListenerEvent;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.synse.Events.Event;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.timeout.IdleStateEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests that come over one WebSocket, one after the other, and sends the readings that it asked to be
 * told of between them.
 *
 * <p>The next request is read when the client has taken the answer to the one before.
 */
@OwnedBy(Owner.ADMIN_LOOP)
final class SocketHandler extends SimpleChannelInboundHandler<WebSocketFrame> {
    private static final Logger log = LoggerFactory.getLogger(SocketHandler.class);
    private static final String READ_STREAM = "request/read_stream";
    private static final String READING = "response/reading";
    private static final String ERROR = "response/error";
    /** The id of an answer to what has none. */
    private static final JsonNode NO_ID = IntNode.valueOf(-1);

    /** How many streams of readings one client may ask for. */
    private static final int MOST_STREAMS = 8;
    /** How soon a client is told of the readings of a plugin that came back. */
    private static final long LOOK_MILLIS = 500;

    private final Events events;
    private final ReadingStreams streams;
    private final SocketCounts counts;
    private final Clock clock;
    private final List<LiveReadings> live = new ArrayList<>();
    private @Nullable Outbox outbox;
    private @Nullable Future<?> looking;
    private boolean awaitingPong;
    /** Whether a request was read whose answer the client has not taken yet. */
    private boolean answering;
    /** Whether it ends with the answers that are under way. */
    private boolean ending;

    private boolean ended;

    /** A request that is being answered. */
    private record Asked(JsonNode id, String event, long startNanos) {}

    SocketHandler(Events events, ReadingStreams streams, SocketCounts counts, Clock clock) {
        this.events = events;
        this.streams = streams;
        this.counts = counts;
        this.clock = clock;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        counts.began();
        outbox = new Outbox(ctx, () -> {
            live.forEach(LiveReadings::resume);
            endIfOver(ctx);
        });
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        counts.ended();
        stopStreams();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
        awaitingPong = false;
        if (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame) {
            onRequest(
                    ctx,
                    frame.content().toString(StandardCharsets.UTF_8),
                    frame.content().readableBytes());
        } else if (frame instanceof PingWebSocketFrame) {
            ctx.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
        } else if (frame instanceof CloseWebSocketFrame) {
            ctx.writeAndFlush(frame.retain()).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void onRequest(ChannelHandlerContext ctx, String text, int bytes) {
        long startNanos = clock.nanoTime();
        JsonNode message;
        try {
            message = Notation.read(text);
        } catch (JsonProcessingException e) {
            refuse(ctx, NO_ID, ApiException.invalid("invalid JSON: " + e.getOriginalMessage()));
            return;
        }
        JsonNode id = message.path("id");
        JsonNode event = message.path("event");
        if (id.isMissingNode() || id.isNull()) {
            refuse(ctx, NO_ID, ApiException.invalid("no \"id\" in the message"));
        } else if (!event.isTextual()) {
            refuse(ctx, id, ApiException.invalid("no \"event\" in the message"));
        } else {
            ask(ctx, new Asked(id, event.asText(), startNanos), new Arguments(message.path("data")), bytes);
        }
    }

    private void ask(ChannelHandlerContext ctx, Asked asked, Arguments arguments, int bytes) {
        boolean stream = asked.event().equals(READ_STREAM);
        Event event = events.find(asked.event());
        if (event == null && !stream) {
            counts.request(SocketCounts.UNKNOWN).received(bytes);
            String known = events.names() + " " + READ_STREAM;
            refuse(
                    ctx,
                    asked.id(),
                    ApiException.described("unsupported event type: " + asked.event(), "expected: " + known));
            return;
        }
        counts.request(asked.event()).received(bytes);
        pause(ctx);
        CompletionStage<Outcome> answer;
        try {
            answer = event == null
                    ? stream(ctx, asked.id(), arguments)
                    : event.asking().answer(arguments, ctx.executor());
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenComplete((outcome, failure) -> ctx.executor()
                .execute(() -> onAnswer(ctx, asked, event == null ? null : event.response(), outcome, failure)));
    }

    private void onAnswer(
            ChannelHandlerContext ctx,
            Asked asked,
            @Nullable String response,
            @Nullable Outcome outcome,
            @Nullable Throwable failure) {
        counts.request(asked.event()).took(clock.nanoTime() - asked.startNanos());
        if (failure != null) {
            refuse(ctx, asked.id(), ApiException.of(failure, asked.event()));
        } else if (response == null || outcome == null) {
            goOn(ctx);
        } else {
            send(response, message(asked.id(), response, outcome.value(), outcome.missing()), sent -> goOn(ctx));
        }
    }

    /** Begins to tell of readings, or ends that; there is no answer to either. */
    private CompletionStage<Outcome> stream(ChannelHandlerContext ctx, JsonNode id, Arguments arguments) {
        if (arguments.flag("stop")) {
            stopStreams();
            return Outcome.now("");
        }
        if (live.size() >= MOST_STREAMS) {
            throw ApiException.invalid(
                    "streams of readings: " + (live.size() + 1) + " (expected: at most " + MOST_STREAMS + ")");
        }
        return streams.wish(arguments.texts("ids"), arguments.groups("tag_groups", TagGroups.DEFAULT_NAMESPACE))
                .thenApplyAsync(
                        wish -> {
                            begin(ctx, new LiveReadings(streams, wish, id, this::tell, ctx.executor()));
                            return Outcome.of("");
                        },
                        ctx.executor());
    }

    private void begin(ChannelHandlerContext ctx, LiveReadings readings) {
        if (ctx.isRemoved()) {
            return;
        }
        live.add(readings);
        readings.look();
        if (looking == null) {
            looking = ctx.executor()
                    .scheduleWithFixedDelay(
                            () -> live.forEach(LiveReadings::look), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void stopStreams() {
        live.forEach(LiveReadings::cancel);
        live.clear();
        if (looking != null) {
            looking.cancel(false);
            looking = null;
        }
    }

    private boolean tell(JsonNode id, ReadingShape reading) {
        send(READING, message(id, READING, reading, List.of()), sent -> {});
        Outbox box = outbox;
        return box != null && box.empty();
    }

    private void refuse(ChannelHandlerContext ctx, JsonNode id, ApiException error) {
        counts.error();
        pause(ctx);
        send(ERROR, message(id, ERROR, ErrorShape.of(error, clock), List.of()), sent -> goOn(ctx));
    }

    private void pause(ChannelHandlerContext ctx) {
        answering = true;
        ctx.channel().config().setAutoRead(false);
    }

    private void goOn(ChannelHandlerContext ctx) {
        answering = false;
        ctx.channel().config().setAutoRead(!ending);
        endIfOver(ctx);
    }

    /** Says goodbye once nothing is under way, if the listener takes no more connections. */
    private void endIfOver(ChannelHandlerContext ctx) {
        Outbox box = outbox;
        if (ending && !ended && !answering && box != null && box.empty()) {
            ended = true;
            ctx.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void send(String event, Body message, LongConsumer whenSent) {
        Outbox box = outbox;
        if (box != null) {
            box.add(message, sent -> {
                counts.response(event).sent(sent);
                whenSent.accept(sent);
            });
        }
    }

    private static Body message(JsonNode id, String event, Object value, List<String> missing) {
        Step begin = json -> {
            json.writeStartObject();
            json.writeFieldName("id");
            json.writeTree(id);
            json.writeStringField("event", event);
            json.writeFieldName("data");
        };
        Step end = json -> {
            if (!missing.isEmpty()) {
                json.writePOJOField("missing_plugins", missing);
            }
            json.writeEndObject();
        };
        List<Iterator<Step>> parts = List.of(
                List.of(begin).iterator(), Notation.steps(value), List.of(end).iterator());
        return Notation.COMPACT.body(new Chain<>(parts.iterator()));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Outbox box = outbox;
        if (box != null) {
            box.proceed();
        }
        ctx.fireChannelWritabilityChanged();
    }

    /** Looks whether a silent client is still there, and gives it up when it does not say so; ends in good order. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ListenerEvent.CLOSING) {
            ending = true;
            stopStreams();
            endIfOver(ctx);
        } else if (!(event instanceof IdleStateEvent)) {
            ctx.fireUserEventTriggered(event);
        } else if (awaitingPong) {
            ctx.close();
        } else {
            awaitingPong = true;
            ctx.writeAndFlush(new PingWebSocketFrame());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug("A WebSocket failed: client={}", ctx.channel().remoteAddress(), cause);
        ctx.close();
    }
}
