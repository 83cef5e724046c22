package io.myelin.admin;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What a resource may know of the request it answers.
 *
 * @param method upper case
 * @param path decoded, without a trailing slash
 * @param name the part of {@code path} that the route leaves open, empty if none
 * @param accept the media types the client prefers, empty if it did not say
 * @param authority the host and port that the client addressed
 * @param query the parameters behind the path
 * @param origin of the web page that sent the request, empty if it was none
 * @param authorization what the client proves itself with, empty if nothing
 * @param body what it sent
 */
record AdminRequest(
        String method,
        String path,
        String name,
        String accept,
        String authority,
        Map<String, List<String>> query,
        String origin,
        String authorization,
        String body) {
    /**
     * Reads a request that arrived at {@code local}.
     *
     * @throws MalformedTargetException if its target is not a path
     */
    static AdminRequest of(FullHttpRequest message, SocketAddress local) throws MalformedTargetException {
        HttpHeaders headers = message.headers();
        String host = headers.get(HttpHeaderNames.HOST);
        return new AdminRequest(
                message.method().name(),
                pathOf(message.uri()),
                "",
                headers.get(HttpHeaderNames.ACCEPT, ""),
                host == null || host.isEmpty() ? NetUtil.toSocketAddressString((InetSocketAddress) local) : host,
                queryOf(message.uri()),
                headers.get(HttpHeaderNames.ORIGIN, ""),
                headers.get(HttpHeaderNames.AUTHORIZATION, ""),
                message.content().toString(StandardCharsets.UTF_8));
    }

    AdminRequest named(String newName) {
        return new AdminRequest(method, path, newName, accept, authority, query, origin, authorization, body);
    }

    /** Returns whether the method only reads. */
    boolean reads() {
        return method.equals(HttpMethod.GET.name()) || method.equals(HttpMethod.HEAD.name());
    }

    private static Map<String, List<String>> queryOf(String target) throws MalformedTargetException {
        try {
            return new QueryStringDecoder(target).parameters();
        } catch (IllegalArgumentException e) {
            throw new MalformedTargetException(target, e);
        }
    }

    /** Leaves out what the client proves itself with. */
    @Override
    public String toString() {
        return "AdminRequest[method=" + method + ", path=" + path + "]";
    }

    /** Takes a path, or an absolute URL as a client that thinks of us as a proxy sends it. */
    private static String pathOf(String target) throws MalformedTargetException {
        String origin = target;
        if (target.startsWith("http://")) {
            int slash = target.indexOf('/', "http://".length());
            origin = slash < 0 ? "/" : target.substring(slash);
        }
        if (!origin.startsWith("/")) {
            throw new MalformedTargetException(target, null);
        }
        try {
            String path = new QueryStringDecoder(origin).path();
            return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        } catch (IllegalArgumentException e) {
            throw new MalformedTargetException(target, e);
        }
    }
}
