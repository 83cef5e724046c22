package io.myelin.httpd;

import io.netty.handler.codec.http.FullHttpRequest;
import java.util.concurrent.CompletionStage;

/** What a listener answers. Asked on its event loop; does not block. */
public interface Answers {
    /**
     * Answers a well-formed request: at once, or when what it asks for has taken effect.
     *
     * @param request borrowed until this returns
     */
    CompletionStage<Answer> answer(FullHttpRequest request, Ends ends);

    /**
     * Returns how the listener tells its clients of an error.
     *
     * @param target of the request, empty where it is not known
     */
    Answer error(int status, String message, String target);
}
