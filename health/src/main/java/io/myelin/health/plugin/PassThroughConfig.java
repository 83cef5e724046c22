package io.myelin.health.plugin;

import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where callers reach plugins through Myelin.
 *
 * @param address that is listened at, resolved; port 0 for a free one
 * @param tls encrypts each connection and agrees on {@code h2} by ALPN, {@code null} for no TLS
 */
public record PassThroughConfig(
        InetSocketAddress address, @Nullable SslContext tls) {}
