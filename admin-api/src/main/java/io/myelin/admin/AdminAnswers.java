package io.myelin.admin;

import io.myelin.httpd.Answer;
import io.myelin.httpd.Answers;
import io.myelin.httpd.Ends;
import io.netty.handler.codec.http.FullHttpRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the admin listener answers: the resource at a path, to those who address it by a name of this machine. */
record AdminAnswers(Router router, ChangeRule changes) implements Answers {
    @Override
    public CompletionStage<Answer> answer(FullHttpRequest message, Ends ends) {
        try {
            AdminRequest request = AdminRequest.of(message, ends.local());
            Answer refusal = HostRule.check(request.authority(), ends.local());
            Answer forbidden = refusal != null ? refusal : changes.check(request, ends.local());
            return forbidden != null ? CompletableFuture.completedFuture(forbidden) : router.answer(request);
        } catch (MalformedTargetException e) {
            return CompletableFuture.completedFuture(error(400, String.valueOf(e.getMessage()), ""));
        }
    }

    @Override
    public Answer error(int status, String message, String target) {
        return Reply.error(status, message, target);
    }
}
