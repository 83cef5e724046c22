package io.myelin.admin;

/** Something that can be read at a path. Runs on the admin thread and does not block. */
@FunctionalInterface
interface Resource {
    Reply answer(AdminRequest request);
}
