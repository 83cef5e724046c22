package io.myelin.synse;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Supplier;

/** Turns a connection into a WebSocket when its client asks for that; passes all other requests on. */
@OwnedBy(Owner.ADMIN_LOOP)
final class ConnectHandler extends ChannelInboundHandlerAdapter {
    static final String PATH = "/v3/connect";

    /** The largest message of a client: writes may carry files. */
    private static final int MESSAGE_BYTES = 1 << 20;

    private static final WebSocketDecoderConfig FRAMES = WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(MESSAGE_BYTES)
            .withUTF8Validator(true)
            .build();

    private final Supplier<SocketHandler> sockets;

    ConnectHandler(Supplier<SocketHandler> sockets) {
        this.sockets = sockets;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof FullHttpRequest request) || !asks(request)) {
            ctx.fireChannelRead(message);
            return;
        }
        boolean passed = false;
        try {
            shakeHands(ctx, request);
        } catch (WebSocketHandshakeException e) {
            // Whoever answers all other requests says that it is none.
            passed = true;
            ctx.fireChannelRead(message);
        } finally {
            if (!passed) {
                ReferenceCountUtil.release(message);
            }
        }
    }

    private static boolean asks(FullHttpRequest request) {
        return request.decoderResult().isSuccess()
                && request.method().equals(HttpMethod.GET)
                && (request.uri().equals(PATH) || request.uri().startsWith(PATH + "?"))
                && request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    private void shakeHands(ChannelHandlerContext ctx, FullHttpRequest request) {
        WebSocketServerHandshaker handshaker =
                new WebSocketServerHandshakerFactory(PATH, null, FRAMES).newHandshaker(request);
        if (handshaker == null) {
            WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(ctx.channel());
            return;
        }
        ChannelFuture shaken = handshaker.handshake(ctx.channel(), request);
        shaken.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.remove("deadline");
        pipeline.remove("read-cache");
        pipeline.remove("answer");
        pipeline.addLast("fragments", new WebSocketFrameAggregator(MESSAGE_BYTES));
        pipeline.addLast("socket", sockets.get());
        pipeline.remove(this);
    }
}
