package io.myelin.httpd;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Closes connections that arrive when enough are open.
 *
 * <p>Shared by all connections, which live on one thread.
 */
@Sharable
@OwnedBy(Owner.ADMIN_LOOP)
public final class ConnectionLimitHandler extends ChannelInboundHandlerAdapter {
    private final int limit;
    private int openConnections;

    /** @param limit how many may be open at once */
    public ConnectionLimitHandler(int limit) {
        this.limit = limit;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        openConnections++;
        if (openConnections > limit) {
            ctx.close();
        } else {
            ctx.fireChannelActive();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        openConnections--;
        ctx.fireChannelInactive();
    }
}
