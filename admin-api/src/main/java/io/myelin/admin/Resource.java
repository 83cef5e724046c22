package io.myelin.admin;

import io.myelin.httpd.Answer;

/** Something that can be read at a path. Runs on the admin thread and does not block. */
@FunctionalInterface
interface Resource {
    Answer answer(AdminRequest request);
}
