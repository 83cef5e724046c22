package io.myelin.httpd;

import io.netty.handler.codec.http.FullHttpRequest;
import java.net.SocketAddress;

/** What a listener answers. Asked on its event loop; does not block. */
public interface Answers {
    /**
     * Answers a well-formed request.
     *
     * @param request borrowed
     * @param local where it arrived
     */
    Answer answer(FullHttpRequest request, SocketAddress local);

    /**
     * Returns how the listener tells its clients of an error.
     *
     * @param target of the request, empty where it is not known
     */
    Answer error(int status, String message, String target);
}
