package io.myelin.discovery.dns;

import org.jspecify.annotations.Nullable;

/**
 * One address that an answer leads to.
 *
 * @param host the name that has the address: the one asked for, or that of an SRV record
 * @param address an IP literal without brackets
 * @param port of an SRV record, else 0
 * @param weight of an SRV record, scaled to 1..256; {@code null} if nothing tells the records apart
 * @param backup whether records of a lower priority number come first
 */
public record Target(
        String host, String address, int port, @Nullable Integer weight, boolean backup) {}
