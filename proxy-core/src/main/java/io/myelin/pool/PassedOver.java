package io.myelin.pool;

import io.myelin.model.Endpoint;

/**
 * An endpoint that a pool knows of and does not use.
 *
 * @param reason for people
 */
public record PassedOver(Endpoint endpoint, String reason) {}
