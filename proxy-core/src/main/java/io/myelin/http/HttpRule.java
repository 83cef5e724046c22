package io.myelin.http;

import io.myelin.route.Condition;

/**
 * Something that is done to the requests, or responses, for which a condition holds.
 *
 * @param when asked right before the action, of the message as earlier rules left it
 */
public record HttpRule(Condition when, HttpAction action) {}
