package io.myelin.admin;

/** Whether a member takes new work, in an operator's words. */
enum MemberState {
    UP,
    /** Health checking found it failing. */
    DOWN,
    /** An operator asked it to rest, or took it out. */
    DRAINING,
    /** It works and nobody rests it, and still the pool's rules give it nothing. */
    NOT_ELIGIBLE
}
