package io.myelin.discovery.fetch;

import io.myelin.discovery.polling.PollException;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.FullHttpResponse;
import java.util.concurrent.CompletableFuture;

/** Hands over the one response of a connection, or why there is none. */
final class HttpAnswerHandler extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final HttpOrigin origin;
    private final int maxBodyBytes;
    private final CompletableFuture<HttpAnswer> answer;

    HttpAnswerHandler(HttpOrigin origin, int maxBodyBytes, CompletableFuture<HttpAnswer> answer) {
        this.origin = origin;
        this.maxBodyBytes = maxBodyBytes;
        this.answer = answer;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
        if (response.decoderResult().isFailure()) {
            answer.completeExceptionally(new PollException(origin + ": the answer is not HTTP"));
        } else {
            answer.complete(new HttpAnswer(response.status().code(), ByteBufUtil.getBytes(response.content())));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        answer.completeExceptionally(new PollException(origin + ": closed before the answer was complete"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        answer.completeExceptionally(
                cause instanceof TooLongFrameException
                        ? new PollException(origin + ": the answer is longer than " + maxBodyBytes + " bytes", cause)
                        : HttpFetcher.failed(origin, cause));
    }
}
