package io.myelin.admin;

import io.myelin.httpd.Answer;
import java.util.concurrent.CompletionStage;

/** Something that can be changed at a path. Runs on the admin thread and does not block. */
@FunctionalInterface
interface Change {
    /** Makes the change that the request asks for, and answers when it has taken effect. */
    CompletionStage<Answer> make(AdminRequest request);
}
