package io.myelin.admin;

import io.myelin.httpd.Answer;
import io.myelin.httpd.Answers;
import io.netty.handler.codec.http.FullHttpRequest;
import java.net.SocketAddress;

/** What the admin listener answers: the resource at a path, to those who address it by a name of this machine. */
record AdminAnswers(Router router, ChangeRule changes) implements Answers {
    @Override
    public Answer answer(FullHttpRequest message, SocketAddress local) {
        try {
            AdminRequest request = AdminRequest.of(message, local);
            Answer refusal = HostRule.check(request.authority(), local);
            Answer forbidden = refusal != null ? refusal : changes.check(request, local);
            return forbidden != null ? forbidden : router.answer(request);
        } catch (MalformedTargetException e) {
            return error(400, String.valueOf(e.getMessage()), "");
        }
    }

    @Override
    public Answer error(int status, String message, String target) {
        return Reply.error(status, message, target);
    }
}
