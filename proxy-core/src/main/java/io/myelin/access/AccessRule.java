package io.myelin.access;

/**
 * One rule about which clients may come in.
 *
 * @param accepts whether a client to whom it applies is let in, and no further rule is asked, or refused
 * @param when to which clients it applies
 */
public record AccessRule(boolean accepts, AccessCondition when) {}
